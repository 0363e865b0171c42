package dev.assay.gradcheck.golden;

import dev.assay.catalog.MechanismCatalog;
import dev.assay.check.Require;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import java.util.HashMap;
import java.util.Map;

/** Mechanisms as the tables write them: settings as they would be typed, {@code key=value}. */
final class Configured {
  private Configured() {}

  static Mechanism dense(String... settings) {
    return mechanism("dense", settings);
  }

  /** A window of that many keys, the query's own included. */
  static Mechanism window(int keys, String... settings) {
    return mechanism("sliding-window", with("window=" + keys, settings));
  }

  /** Square blocks whose table or lists are inputs. */
  static Mechanism blocks(int size, String... settings) {
    return mechanism("block-sparse", with("blockQ=" + size, with("blockK=" + size, settings)));
  }

  static Mechanism chunks(String... settings) {
    return mechanism("hierarchical-chunking", settings);
  }

  static Mechanism headGate(String... settings) {
    return mechanism("head-gate", settings);
  }

  /** The k best blocks by given scores. */
  static Mechanism scored(String... settings) {
    return mechanism("scored-blocks", settings);
  }

  /** The k best blocks by the mean of their keys. */
  static Mechanism moba(int block, String... settings) {
    return mechanism("moba", with("block=" + block, settings));
  }

  /** Blocks of two keys, of which some may be listed several times and then weigh as often. */
  static Mechanism multiset() {
    return mechanism("big-bird", "block=2", "reading=MULTISET");
  }

  private static String[] with(String first, String... rest) {
    String[] all = new String[rest.length + 1];
    all[0] = first;
    System.arraycopy(rest, 0, all, 1, rest.length);
    return all;
  }

  private static Mechanism mechanism(String id, String... settings) {
    Map<String, String> values = new HashMap<>();
    for (String setting : settings) {
      int sign = setting.indexOf('=');
      Require.argument(sign > 0, "setting '%s' is not of the form key=value", setting);
      values.put(setting.substring(0, sign), setting.substring(sign + 1));
    }
    return Settings.make(MechanismCatalog.find(id).getClass(), values);
  }
}
