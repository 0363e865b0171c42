package dev.assay.plan;

import static dev.assay.check.Require.argument;

import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import dev.assay.tensor.Truths;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The rules that the parts of a problem keep together. */
final class ProblemRules {
  private ProblemRules() {}

  static void check(ProblemBuilder p) {
    tensors(p);
    numbers(p);
    lengths(p);
    // Not a Shape: a problem may have more pairs than a tensor may have elements.
    int[] pairs = {p.q.shape().extent(0), p.q.shape().extent(1), p.q.shape().extent(2), keys(p)};
    broadcastable(p.mask, "mask", pairs);
    broadcastable(p.bias, "bias", pairs);
    broadcastable(p.dropoutKeep, "dropout_keep", pairs);
    truths(p.mask, "mask");
    truths(p.dropoutKeep, "dropout_keep");
  }

  private static int keys(ProblemBuilder p) {
    return p.paging != null ? p.paging.positions() : p.k.shape().extent(2);
  }

  private static void tensors(ProblemBuilder p) {
    Shape q = p.q.shape();
    Shape k = p.k.shape();
    Shape v = p.v.shape();
    argument(q.rank() == 4, "q has shape %s: [B, H, n_q, d] is needed", q);
    argument(k.rank() == 4, "k has shape %s: [B, H_kv, n_k, d] is needed", k);
    argument(v.rank() == 4, "v has shape %s: [B, H_kv, n_k, d_v] is needed", v);
    argument(
        q.extent(3) == k.extent(3),
        "q has %d channels and k %d: they must agree",
        q.extent(3),
        k.extent(3));
    argument(q.extent(3) >= 1, "q has 0 channels: at least 1 is needed");
    argument(
        k.extent(0) == v.extent(0) && k.extent(1) == v.extent(1) && k.extent(2) == v.extent(2),
        "k has shape %s and v %s: they must agree in all but the channels",
        k,
        v);
    argument(
        p.paging != null || q.extent(0) == k.extent(0),
        "q has batch %d and k %d: they must agree",
        q.extent(0),
        k.extent(0));
    argument(
        k.extent(1) >= 1 && q.extent(1) >= 1 && q.extent(1) % k.extent(1) == 0,
        "%d query heads do not divide evenly among %d key heads: H must be a multiple of H_kv",
        q.extent(1),
        k.extent(1));
  }

  private static void numbers(ProblemBuilder p) {
    argument(Double.isFinite(p.scale), "scale is %s: it must be a finite number", p.scale);
    argument(
        p.softcap >= 0 && Double.isFinite(p.softcap),
        "softcap is %s: it must be positive, or 0 for none",
        p.softcap);
    argument(
        p.dropoutRate >= 0 && p.dropoutRate < 1,
        "dropout rate is %s: it must lie in [0, 1)",
        p.dropoutRate);
    argument(
        p.dropoutRate == 0 || p.dropoutKeep != null,
        "dropout rate is %s, but no dropout_keep was given: draw the mask and hand it over",
        p.dropoutRate);
  }

  private static void lengths(ProblemBuilder p) {
    if (p.ragged != null) {
      argument(
          p.q.shape().extent(0) == 1,
          "ragged sequences lie in one batch entry, not in %d",
          p.q.shape().extent(0));
      argument(
          p.queryLengths == null && p.keyLengths == null && p.paging == null,
          "ragged sequences bring their own lengths: give no lengths and no pages");
      p.ragged.check(p.q.shape().extent(2), p.k.shape().extent(2));
    }
    if (p.paging != null) {
      argument(p.keyLengths != null, "pages need k_lens: the last page is rarely full");
      p.paging.check(p.k.shape(), p.q.shape().extent(0));
    }
    within(p.queryLengths, "q_lens", p.q.shape().extent(0), p.q.shape().extent(2));
    within(p.keyLengths, "k_lens", p.q.shape().extent(0), keys(p));
    if (p.paging != null && p.keyLengths != null) {
      p.paging.checkUsed(p.keyLengths, p.k.shape().extent(0));
    }
    argument(
        p.offset == null || p.offset.length == p.sequences(),
        "%d causal offsets were given for %d sequences",
        p.offset == null ? 0 : p.offset.length,
        p.sequences());
  }

  private static void within(int @Nullable [] lengths, String name, int count, int most) {
    if (lengths == null) {
      return;
    }
    argument(
        lengths.length == count,
        "%s has %d entries for a batch of %d",
        name,
        lengths.length,
        count);
    for (int b = 0; b < count; b++) {
      argument(
          lengths[b] >= 0 && lengths[b] <= most,
          "%s[%d] is %d: it must lie in 0..%d",
          name,
          b,
          lengths[b],
          most);
    }
  }

  private static void broadcastable(@Nullable Tensor tensor, String name, int[] pairs) {
    if (tensor == null) {
      return;
    }
    Shape shape = tensor.shape();
    boolean fits = shape.rank() == 4;
    for (int axis = 0; fits && axis < 4; axis++) {
      fits = shape.extent(axis) == 1 || shape.extent(axis) == pairs[axis];
    }
    argument(
        fits,
        "%s has shape %s: it must broadcast to [B, H, n_q, n_k] = %s",
        name,
        shape,
        Arrays.toString(pairs));
  }

  private static void truths(@Nullable Tensor tensor, String name) {
    if (tensor != null) {
      Truths.require(tensor, name);
    }
  }
}
