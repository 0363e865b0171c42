package dev.assay.wiring;

import static dev.assay.wiring.LayerFunctions.recorded;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** What turns, cuts and joins tensors; gradients go through. */
final class ShapeFunctions {
  static final List<Function> ALL =
      List.of(
          new Function(
              "permute(x, axis, ...)",
              "The axes in another order, as torch.permute.",
              it -> recorded(Ops.permute(it.var(0), it.integers(1)))),
          new Function(
              "transpose(x)", "A matrix turned.", it -> recorded(Ops.transpose(it.var(0)))),
          new Function(
              "reshape(x, ...)",
              "Other extents for the same elements; one of them may be -1, which is worked out.",
              ShapeFunctions::reshape),
          new Function(
              "unsqueeze(x, axis)",
              "A new axis of extent 1.",
              it -> {
                int[] extents = it.var(0).shape().toArray();
                int axis = Require.index(it.integer(1), extents.length + 1, "the axis");
                int[] more = new int[extents.length + 1];
                System.arraycopy(extents, 0, more, 0, axis);
                more[axis] = 1;
                System.arraycopy(extents, axis, more, axis + 1, extents.length - axis);
                return recorded(Ops.reshape(it.var(0), Shape.of(more)));
              }),
          new Function(
              "squeeze(x, axis)",
              "The same without an axis, which must have extent 1.",
              ShapeFunctions::squeeze),
          new Function(
              "slice(x, axis, from, to)",
              "The part from one index up to, not including, another.",
              it -> recorded(Ops.slice(it.var(0), it.integer(1), it.integer(2), it.integer(3)))),
          new Function(
              "concat(axis, x, ...)",
              "Tensors one behind the other.",
              it -> {
                Var[] parts = new Var[it.count() - 1];
                Arrays.setAll(parts, at -> it.var(at + 1));
                return recorded(Ops.concat(it.integer(0), parts));
              }),
          new Function(
              "matmul(a, b)",
              "The product of matrices.",
              it -> recorded(Ops.matMul(it.var(0), it.var(1)))),
          new Function(
              "unpack(x, cu_seqlens)",
              "Packed sequences [total, H, d] as [B, H, longest, d]; behind the shorter ones stands"
                  + " what lengths must hide.",
              ShapeFunctions::unpack),
          new Function(
              "dim(x, axis)",
              "An extent, as a number.",
              it -> new Value.Scalar(it.tensor(0).shape().extent(it.integer(1)))));

  private ShapeFunctions() {}

  private static Value reshape(Arguments it) {
    Var x = it.var(0);
    int[] extents = it.integers(1);
    long known = 1;
    int open = -1;
    for (int at = 0; at < extents.length; at++) {
      if (extents[at] == -1 && open < 0) {
        open = at;
      } else {
        known *= Require.notNegative(extents[at], "an extent of reshape");
      }
    }
    if (open >= 0) {
      Require.argument(
          known > 0 && x.shape().size() % known == 0,
          "%s cannot be reshaped to %s",
          x.shape(),
          Arrays.toString(extents));
      extents[open] = (int) (x.shape().size() / known);
    }
    return recorded(Ops.reshape(x, Shape.of(extents)));
  }

  private static Value squeeze(Arguments it) {
    Var x = it.var(0);
    int[] extents = x.shape().toArray();
    int axis = x.shape().normalise(it.integer(1));
    Require.argument(extents[axis] == 1, "axis %d of %s is not 1", axis, x.shape());
    int[] fewer = new int[extents.length - 1];
    System.arraycopy(extents, 0, fewer, 0, axis);
    System.arraycopy(extents, axis + 1, fewer, axis, fewer.length - axis);
    return recorded(Ops.reshape(x, Shape.of(fewer)));
  }

  private static Value unpack(Arguments it) {
    Var x = it.var(0);
    Tensor starts = it.tensor(1);
    Functions.rank("unpack(x, cu_seqlens)", x.shape().rank(), 3);
    int total = x.shape().extent(0);
    int batches = starts.size() - 1;
    int longest = 0;
    for (int b = 0; b < batches; b++) {
      double length = starts.get(b + 1) - starts.get(b);
      Require.argument(
          length >= 0 && starts.get(b) >= 0 && starts.get(b + 1) <= total && total > 0,
          "cu_seqlens holds %s: ascending numbers from 0 to %d are needed",
          starts,
          total);
      longest = Math.max(longest, (int) length);
    }
    int[] tokens = new int[Math.max(0, batches) * longest];
    for (int p = 0; p < tokens.length; p++) {
      tokens[p] = Math.min(total - 1, (int) starts.get(p / longest) + p % longest);
    }
    Shape apart = Shape.of(batches, longest, x.shape().extent(1), x.shape().extent(2));
    return recorded(Ops.permute(Ops.reshape(Ops.gather(x, 0, tokens), apart), 0, 2, 1, 3));
  }
}
