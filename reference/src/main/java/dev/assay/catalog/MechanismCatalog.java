package dev.assay.catalog;

import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.chunked.HierarchicalChunking;
import dev.assay.mechanism.fixed.BlockSparse;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.mechanism.fixed.SlidingWindow;
import dev.assay.mechanism.heads.HeadGate;
import dev.assay.mechanism.pruned.AdaSpa;
import dev.assay.mechanism.pruned.FlexPrefill;
import dev.assay.mechanism.pruned.H2o;
import dev.assay.mechanism.pruned.Lam;
import dev.assay.mechanism.pruned.MInference;
import dev.assay.mechanism.pruned.Psa;
import dev.assay.mechanism.pruned.Quest;
import dev.assay.mechanism.pruned.SpargeAttention;
import java.util.List;

/** All mechanisms. Adding one is one file and one line here. */
public final class MechanismCatalog {
  private static final List<Class<? extends Mechanism>> ALL =
      List.of(
          Dense.class,
          SlidingWindow.class,
          BlockSparse.class,
          HierarchicalChunking.class,
          HeadGate.class,
          Quest.class,
          H2o.class,
          Psa.class,
          SpargeAttention.class,
          AdaSpa.class,
          FlexPrefill.class,
          MInference.class,
          Lam.class);

  private MechanismCatalog() {}

  /** Their ids, in the order of this file. */
  public static List<String> ids() {
    return ALL.stream().map(Mechanism::id).toList();
  }

  /** All of them, in the order of this file, with their default settings. */
  public static List<Mechanism> all() {
    return ALL.stream().<Mechanism>map(Settings::defaults).toList();
  }

  /**
   * The mechanism of that id with its default settings.
   *
   * @throws IllegalArgumentException that names the known ids, if there is none
   */
  public static Mechanism find(String id) {
    for (Class<? extends Mechanism> type : ALL) {
      if (Mechanism.id(type).equals(id)) {
        return Settings.defaults(type);
      }
    }
    throw new IllegalArgumentException("there is no mechanism " + id + ": choose one of " + ids());
  }
}
