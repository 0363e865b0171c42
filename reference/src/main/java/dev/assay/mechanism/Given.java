package dev.assay.mechanism;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.mechanism.TensorSpec.Kind;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Paging;
import dev.assay.plan.ProblemBuilder;
import dev.assay.plan.Ragged;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The optional tensors that mechanisms around a softmax share: what they mean, and the problem that
 * they make together with q, k and v.
 */
public final class Given {
  public static final TensorSpec BIAS =
      new TensorSpec(
          "bias",
          "[B|1, H|1, n_q|1, n_k|1]",
          Kind.INPUT,
          false,
          "Added to the logits after scale and softcap; -inf excludes a pair.");
  public static final TensorSpec MASK =
      choice("mask", "[B|1, H|1, n_q|1, n_k|1]", "1 lets a pair exist, 0 excludes it.");
  public static final TensorSpec Q_LENS =
      choice("q_lens", "[B]", "Valid queries of each batch entry; rows behind them are empty.");
  public static final TensorSpec K_LENS =
      choice("k_lens", "[B]", "Valid keys of each batch entry; what lies behind is never read.");
  public static final TensorSpec OFFSET =
      choice(
          "offset",
          "[B]",
          "Query i stands at position i + offset among the keys; without it k_lens - q_lens,"
              + " the bottom-right alignment.");

  private Given() {}

  public static TensorSpec choice(String name, String shape, String meaning) {
    return new TensorSpec(name, shape, Kind.CHOICE, false, meaning);
  }

  /** q, k and v, then the specs given. */
  public static List<TensorSpec> qkvAnd(TensorSpec... more) {
    return Stream.concat(TensorSpec.qkv().stream(), Arrays.stream(more)).toList();
  }

  /** The problem over q, k and v with whatever of the optional tensors was given. */
  public static ProblemBuilder problem(Inputs inputs) {
    return problem(inputs, inputs.var("q"), inputs.var("k"), inputs.var("v"));
  }

  /** The problem over these tensors with whatever of the optional ones was given. */
  public static ProblemBuilder problem(Inputs inputs, Var q, Var k, Var v) {
    return AttentionProblem.of(q.value(), k.value(), v.value())
        .mask(inputs.value("mask"))
        .bias(inputs.value("bias"))
        .queryLengths(inputs.integers("q_lens"))
        .keyLengths(inputs.integers("k_lens"))
        .offset(inputs.integers("offset"))
        .ragged(ragged(inputs));
  }

  /** The packing that cu_seqlens_q and cu_seqlens_k describe, or null. */
  public static @Nullable Ragged ragged(Inputs inputs) {
    int[] queries = inputs.integers("cu_seqlens_q");
    int[] keys = inputs.integers("cu_seqlens_k");
    Require.argument(
        (queries == null) == (keys == null),
        "cu_seqlens_q and cu_seqlens_k belong together: give both or none");
    return queries == null || keys == null ? null : new Ragged(queries, keys);
  }

  /** The page table [B, pages] over pools whose pages hold as many keys as k has rows, or null. */
  public static @Nullable Paging paging(Inputs inputs) {
    int[] pages = inputs.integers("page_table");
    if (pages == null) {
      return null;
    }
    var shape = inputs.var("page_table").shape();
    Require.argument(shape.rank() == 2, "page_table has shape %s: [B, pages] is needed", shape);
    var pool = inputs.var("k").shape();
    Require.argument(
        pool.rank() == 4, "with a page_table k is a pool [P, H_kv, page, d], not %s", pool);
    int[][] table = new int[shape.extent(0)][];
    for (int b = 0; b < table.length; b++) {
      table[b] = Arrays.copyOfRange(pages, b * shape.extent(1), (b + 1) * shape.extent(1));
    }
    return new Paging(table, pool.extent(2));
  }
}
