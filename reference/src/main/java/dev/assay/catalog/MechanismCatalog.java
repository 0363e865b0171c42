package dev.assay.catalog;

import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.chunked.HTransformer1d;
import dev.assay.mechanism.chunked.HierarchicalChunking;
import dev.assay.mechanism.chunked.LongNet;
import dev.assay.mechanism.chunked.TransformerLs;
import dev.assay.mechanism.chunked.TransformerXl;
import dev.assay.mechanism.fixed.BigBird;
import dev.assay.mechanism.fixed.BlockLocal;
import dev.assay.mechanism.fixed.BlockSparse;
import dev.assay.mechanism.fixed.DeepSpeedLayout;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.mechanism.fixed.Longformer;
import dev.assay.mechanism.fixed.S2Attention;
import dev.assay.mechanism.fixed.SlidingWindow;
import dev.assay.mechanism.fixed.SparseTransformer;
import dev.assay.mechanism.fixed.StreamingLlm;
import dev.assay.mechanism.hashed.Informer;
import dev.assay.mechanism.hashed.Reformer;
import dev.assay.mechanism.hashed.RoutingTransformer;
import dev.assay.mechanism.heads.HeadGate;
import dev.assay.mechanism.heads.Moh;
import dev.assay.mechanism.heads.Mosa;
import dev.assay.mechanism.learned.AdaptiveSparseAttention;
import dev.assay.mechanism.learned.AdaptiveSparseBlock;
import dev.assay.mechanism.learned.Cao;
import dev.assay.mechanism.learned.GatedChunking;
import dev.assay.mechanism.learned.Lspg;
import dev.assay.mechanism.linear.LinearRecurrence;
import dev.assay.mechanism.linear.LinearTransformer;
import dev.assay.mechanism.linear.Performer;
import dev.assay.mechanism.lowrank.AnchorAttention;
import dev.assay.mechanism.lowrank.Linformer;
import dev.assay.mechanism.lowrank.Nystromformer;
import dev.assay.mechanism.pruned.AdaSpa;
import dev.assay.mechanism.pruned.FlexPrefill;
import dev.assay.mechanism.pruned.H2o;
import dev.assay.mechanism.pruned.Lam;
import dev.assay.mechanism.pruned.MInference;
import dev.assay.mechanism.pruned.Psa;
import dev.assay.mechanism.pruned.Quest;
import dev.assay.mechanism.pruned.SpargeAttention;
import dev.assay.mechanism.selected.DeepseekSparseAttention;
import dev.assay.mechanism.selected.Moba;
import dev.assay.mechanism.selected.NativeSparseAttention;
import dev.assay.mechanism.selected.ScoredBlocks;
import dev.assay.mechanism.selected.SeerAttention;
import dev.assay.mechanism.selected.SeerAttentionR;
import java.util.List;

/** All mechanisms. Adding one is one file and one line here. */
public final class MechanismCatalog {
  private static final List<Class<? extends Mechanism>> ALL =
      List.of(
          Dense.class,
          SlidingWindow.class,
          BlockSparse.class,
          SparseTransformer.class,
          Longformer.class,
          BigBird.class,
          BlockLocal.class,
          DeepSpeedLayout.class,
          S2Attention.class,
          HierarchicalChunking.class,
          HeadGate.class,
          LinearTransformer.class,
          LinearRecurrence.class,
          Performer.class,
          Linformer.class,
          Nystromformer.class,
          AnchorAttention.class,
          Moba.class,
          ScoredBlocks.class,
          NativeSparseAttention.class,
          SeerAttention.class,
          SeerAttentionR.class,
          DeepseekSparseAttention.class,
          StreamingLlm.class,
          LongNet.class,
          Reformer.class,
          RoutingTransformer.class,
          Informer.class,
          Mosa.class,
          Moh.class,
          Quest.class,
          H2o.class,
          Psa.class,
          SpargeAttention.class,
          AdaSpa.class,
          Lspg.class,
          Cao.class,
          AdaptiveSparseAttention.class,
          TransformerXl.class,
          TransformerLs.class,
          HTransformer1d.class,
          FlexPrefill.class,
          GatedChunking.class,
          MInference.class,
          Lam.class,
          AdaptiveSparseBlock.class);

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
