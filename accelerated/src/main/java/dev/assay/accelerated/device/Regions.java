package dev.assay.accelerated.device;

import dev.assay.check.Require;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;

/**
 * Where results lie among the floats that come out, with a gap before, between and behind them that
 * nobody may write to.
 */
public final class Regions {
  /** Floats in a gap. */
  public static final int GAP = 16;

  /** What a test fills the floats with beforehand: a number that no kernel arrives at. */
  public static final float POISON = -0x1.23456p111f;

  /**
   * A result's place.
   *
   * @param at first float
   * @param size number of floats
   */
  public record Region(int at, int size) {}

  private final SequencedMap<String, Region> byName = new LinkedHashMap<>();
  private long end = GAP;

  /** Appends a region and says where it begins. */
  int add(String name, long size) {
    int at = index(end);
    byName.put(name, new Region(at, index(size)));
    end += size + GAP;
    index(end);
    return at;
  }

  private static int index(long number) {
    Require.argument(
        number < Integer.MAX_VALUE - GAP,
        "the results take %d floats: a device is given at most 2^31 - 1",
        number);
    return (int) number;
  }

  /** The region of that name. */
  public Region get(String name) {
    Region region = ((Map<String, Region>) byName).get(name);
    Require.argument(region != null, "there is no result %s: there are %s", name, byName.keySet());
    return Objects.requireNonNull(region);
  }

  /** Floats of all regions and gaps. */
  public int length() {
    return (int) end;
  }

  /**
   * Checks floats that were poisoned beforehand: every element of every region was written, and
   * none of a gap.
   *
   * @param written names of those regions
   * @throws IllegalStateException that names the first float of which this is not true
   */
  public void check(float[] floats, Set<String> written) {
    boolean[] inside = new boolean[floats.length];
    for (String name : written) {
      Region region = get(name);
      for (int at = region.at; at < region.at + region.size; at++) {
        inside[at] = true;
        Require.state(
            floats[at] != POISON, "element %d of %s was not written", at - region.at, name);
      }
    }
    for (int at = 0; at < floats.length; at++) {
      Require.state(
          inside[at] || floats[at] == POISON, "float %d lies in no result and was written", at);
    }
  }
}
