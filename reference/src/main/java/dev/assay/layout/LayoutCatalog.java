package dev.assay.layout;

import dev.assay.check.Require;
import java.util.List;

/** The one list of layouts; a new one is a class and a line here. */
public final class LayoutCatalog {
  private static final List<BlockLayout> ALL =
      List.of(
          new AssayTable(),
          new AssayLists(),
          new FlexAttention(),
          new FlashAttentionCute(),
          new FlashBlockmask(),
          new FlashInferBsr(),
          new FlashInferVariable(),
          new FlashInferPages(),
          new FlashInferVsa(),
          new ScipyBsr(),
          new TorchBsr(),
          new TritonLayout(),
          new BlockSparseAttention(),
          new BlockSparseRows(),
          new SpargeMap(),
          new SpargeLut(),
          new SeerAttention(),
          new SeerDecode(),
          new MobaGate(),
          new NsaIndices(),
          new NsaTopk(),
          new DkernelCsr());

  private LayoutCatalog() {}

  /** All layouts, Assay's own first. */
  public static List<BlockLayout> all() {
    return ALL;
  }

  /**
   * The layout of that name.
   *
   * @throws IllegalArgumentException that names all, if there is none
   */
  public static BlockLayout find(String id) {
    List<String> ids = ALL.stream().map(BlockLayout::id).toList();
    Require.argument(ids.contains(id), "there is no layout '%s': choose one of %s", id, ids);
    return ALL.get(ids.indexOf(id));
  }
}
