package dev.assay.gradcheck.mutant;

import java.util.Map;
import java.util.Optional;

/**
 * Why the cases of a family stay in the suite although other cases kill the same mutants: each is a
 * place where a kernel may take another path, which no plain kernel has.
 */
public final class StayReasons {
  private static final Map<String, String> BY_FAMILY =
      Map.ofEntries(
          Map.entry("basic", "the same in four types, of which a kernel may have only one"),
          Map.entry("block-sparse", "each setting and tensor that the mechanism reads, once"),
          Map.entry("blocks", "block shapes, lists and lengths for which kernels have own paths"),
          Map.entry("chunked", "chunk lengths around the sizes that kernels are compiled for"),
          Map.entry("dense", "each setting and tensor that the mechanism reads, once"),
          Map.entry("exact", "no tolerance: a fault that is too small for any bound"),
          Map.entry("gates", "heads that are switched off, which no other family has"),
          Map.entry("grad", "each cotangent alone: a backward that leaves one out"),
          Map.entry("grid", "lengths around 64 and 128, the tiles of other kernels than the plain"),
          Map.entry("head-gate", "each setting and tensor that the mechanism reads, once"),
          Map.entry("heads", "numbers of heads and groups that kernels are compiled for"),
          Map.entry("hierarchical-chunking", "each setting of the mechanism, once"),
          Map.entry("long", "enough rows for the bias gate, which small cases cannot have"),
          Map.entry("relation", "one problem in many guises, whose results must agree"),
          Map.entry("selection", "what is chosen where scores tie, nearly tie or are too few"),
          Map.entry("sliding-window", "each setting and tensor that the mechanism reads, once"),
          Map.entry("special", "NaN, infinities and huge numbers where nobody may read"),
          Map.entry("width", "head dimensions of real models, for which kernels have own paths"));

  private StayReasons() {}

  /** The reason of a family of the core, in a sentence's part. */
  public static Optional<String> of(String family) {
    return Optional.ofNullable(BY_FAMILY.get(family));
  }
}
