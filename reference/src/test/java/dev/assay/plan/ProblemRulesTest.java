package dev.assay.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule of a problem refuses with its one sentence. */
class ProblemRulesTest {
  interface Build {
    @Nullable Object run();
  }

  private static Tensor zeros(int... extents) {
    return Tensor.zeros(Shape.of(extents));
  }

  /** Batch 2, 4 heads, 2 key heads, 3 queries, 5 keys. */
  private static ProblemBuilder problem() {
    return AttentionProblem.of(zeros(2, 4, 3, 2), zeros(2, 2, 5, 2), zeros(2, 2, 5, 1));
  }

  private static ProblemBuilder packed() {
    return AttentionProblem.of(zeros(1, 4, 3, 2), zeros(1, 2, 5, 2), zeros(1, 2, 5, 1));
  }

  /** A pool of three pages of two keys. */
  private static ProblemBuilder paged(int[][] table) {
    return AttentionProblem.of(zeros(2, 4, 3, 2), zeros(3, 2, 2, 2), zeros(3, 2, 2, 1))
        .paging(new Paging(table, 2));
  }

  private static Arguments refused(String sentence, Build build) {
    return Arguments.of(sentence, build);
  }

  static Stream<Arguments> tensors() {
    return Stream.of(
        refused(
            "q has shape [3, 2]: [B, H, n_q, d] is needed",
            () -> AttentionProblem.of(zeros(3, 2), zeros(1, 1, 5, 2), zeros(1, 1, 5, 2)).build()),
        refused(
            "k has shape [5, 2]: [B, H_kv, n_k, d] is needed",
            () -> AttentionProblem.of(zeros(1, 1, 3, 2), zeros(5, 2), zeros(1, 1, 5, 2)).build()),
        refused(
            "v has shape []: [B, H_kv, n_k, d_v] is needed",
            () -> AttentionProblem.of(zeros(1, 1, 3, 2), zeros(1, 1, 5, 2), zeros()).build()),
        refused(
            "q has 2 channels and k 3: they must agree",
            () ->
                AttentionProblem.of(zeros(1, 1, 3, 2), zeros(1, 1, 5, 3), zeros(1, 1, 5, 3))
                    .build()),
        refused(
            "q has 0 channels: at least 1 is needed",
            () ->
                AttentionProblem.of(zeros(1, 1, 3, 0), zeros(1, 1, 5, 0), zeros(1, 1, 5, 3))
                    .build()),
        refused(
            "k has shape [1, 1, 5, 2] and v [1, 1, 4, 2]: they must agree in all but the channels",
            () ->
                AttentionProblem.of(zeros(1, 1, 3, 2), zeros(1, 1, 5, 2), zeros(1, 1, 4, 2))
                    .build()),
        refused(
            "q has batch 2 and k 1: they must agree",
            () ->
                AttentionProblem.of(zeros(2, 1, 3, 2), zeros(1, 1, 5, 2), zeros(1, 1, 5, 2))
                    .build()),
        refused(
            "3 query heads do not divide evenly among 2 key heads: H must be a multiple of H_kv",
            () ->
                AttentionProblem.of(zeros(1, 3, 3, 2), zeros(1, 2, 5, 2), zeros(1, 2, 5, 2))
                    .build()),
        refused(
            "mask has shape [2, 4, 3, 4]: it must broadcast to [B, H, n_q, n_k] = [2, 4, 3, 5]",
            () -> problem().mask(zeros(2, 4, 3, 4)).build()),
        refused(
            "bias has shape [3, 5]: it must broadcast to [B, H, n_q, n_k] = [2, 4, 3, 5]",
            () -> problem().bias(zeros(3, 5)).build()),
        refused(
            "dropout_keep has shape [2, 1, 3, 6]: it must broadcast to [B, H, n_q, n_k] = [2, 4, 3, 5]",
            () -> problem().dropout(zeros(2, 1, 3, 6), 0.5).build()),
        refused(
            "mask holds 0.5 at [0, 0, 0, 1]: it must hold 0 and 1 alone",
            () -> problem().mask(Tensor.of(Shape.of(1, 1, 1, 5), 1, 0.5, 0, 1, 1)).build()),
        refused(
            "dropout_keep holds NaN at [0, 0, 0, 0]: it must hold 0 and 1 alone",
            () -> problem().dropout(Tensor.full(Shape.of(1, 1, 1, 1), Double.NaN), 0.5).build()));
  }

  static Stream<Arguments> numbers() {
    return Stream.of(
        refused(
            "scale is Infinity: it must be a finite number",
            () -> problem().scale(Double.POSITIVE_INFINITY).build()),
        refused(
            "scale is NaN: it must be a finite number", () -> problem().scale(Double.NaN).build()),
        refused(
            "softcap is -1.0: it must be positive, or 0 for none",
            () -> problem().softcap(-1).build()),
        refused(
            "softcap is NaN: it must be positive, or 0 for none",
            () -> problem().softcap(Double.NaN).build()),
        refused(
            "dropout rate is 1.0: it must lie in [0, 1)",
            () -> problem().dropout(zeros(1, 1, 1, 1), 1).build()),
        refused(
            "dropout rate is 0.1, but no dropout_keep was given: draw the mask and hand it over",
            () -> problem().dropout(null, 0.1).build()),
        refused(
            "window (-2, 0): widths are at least 0, or -1 for open",
            () -> problem().window(new Window(-2, 0)).build()));
  }

  static Stream<Arguments> lengths() {
    return Stream.of(
        refused("q_lens has 1 entries for a batch of 2", () -> problem().queryLengths(3).build()),
        refused("q_lens[1] is 4: it must lie in 0..3", () -> problem().queryLengths(3, 4).build()),
        refused("k_lens[0] is -1: it must lie in 0..5", () -> problem().keyLengths(-1, 4).build()),
        refused(
            "3 causal offsets were given for 2 sequences",
            () -> problem().offset(0, 0, 0).build()));
  }

  static Stream<Arguments> packings() {
    return Stream.of(
        refused(
            "ragged sequences lie in one batch entry, not in 2",
            () -> problem().ragged(new Ragged(new int[] {0, 3}, new int[] {0, 5})).build()),
        refused(
            "ragged sequences bring their own lengths: give no lengths and no pages",
            () ->
                packed()
                    .keyLengths(5)
                    .ragged(new Ragged(new int[] {0, 3}, new int[] {0, 5}))
                    .build()),
        refused(
            "cu_seqlens end with 3 queries and 4 keys, but the tensors have 3 and 5",
            () -> packed().ragged(new Ragged(new int[] {0, 3}, new int[] {0, 4})).build()),
        refused(
            "cu_seqlens_q begins with 1: it must begin with 0",
            () -> new Ragged(new int[] {1, 3}, new int[] {0, 5})),
        refused(
            "cu_seqlens_k falls from 4 to 2: it must not fall",
            () -> new Ragged(new int[] {0, 1, 3}, new int[] {0, 4, 2})),
        refused(
            "cu_seqlens_q has 2 entries and cu_seqlens_k 3: both need one more than there are sequences",
            () -> new Ragged(new int[] {0, 3}, new int[] {0, 4, 5})),
        refused(
            "2 causal offsets were given for 1 sequences",
            () ->
                packed()
                    .offset(0, 0)
                    .ragged(new Ragged(new int[] {0, 3}, new int[] {0, 5}))
                    .build()));
  }

  static Stream<Arguments> pages() {
    int[][] table = {{0, 1}, {2, 0}};
    return Stream.of(
        refused("page size is 0: it must be at least 1", () -> new Paging(table, 0)),
        refused(
            "the page table has rows of 2 and 1 entries: pad them to one length",
            () -> new Paging(new int[][] {{0, 1}, {2}}, 2)),
        refused(
            "a row of 2 pages of 2000000000 keys holds more than 2^31 - 1 positions: shorten the rows",
            () -> new Paging(table, 2_000_000_000)),
        refused("pages need k_lens: the last page is rarely full", () -> paged(table).build()),
        refused(
            "the page table has 1 rows for a batch of 2",
            () -> paged(new int[][] {{0, 1}}).keyLengths(4, 4).build()),
        refused(
            "pages of the pool hold 2 keys, but the page size is 3",
            () -> paged(table).paging(new Paging(table, 3)).keyLengths(4, 4).build()),
        refused("k_lens[0] is 5: it must lie in 0..4", () -> paged(table).keyLengths(5, 4).build()),
        refused(
            "page table entry [1][1] is 3: the pool has pages 0..2",
            () -> paged(new int[][] {{0, 1}, {2, 3}}).keyLengths(4, 3).build()));
  }

  @ParameterizedTest
  @MethodSource({"tensors", "numbers", "lengths", "packings", "pages"})
  void refuses(String sentence, Build build) {
    IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, build::run);
    assertEquals(sentence, refusal.getMessage());
  }
}
