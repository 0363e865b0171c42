package dev.assay.mechanism.selected;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.selected.NativeSparseAttention.Padding;
import dev.assay.mechanism.selected.NativeSparseAttention.Phi;
import dev.assay.mechanism.selected.NativeSparseAttention.Visible;
import dev.assay.op.Composed;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;

/**
 * Windows of l tokens, one every d, each made one key or value by phi; learned memory slots stand
 * before them.
 *
 * @param nsa sizes and readings
 * @param inputs parameters
 * @param problem lengths and offsets
 */
record NsaCompression(NativeSparseAttention nsa, Inputs inputs, AttentionProblem problem) {

  /** C: how many windows there are. */
  int windows() {
    int n = problem.keys();
    int l = nsa.compressBlock();
    if (nsa.padding() == Padding.LEFT) {
      return n / nsa.compressStride();
    }
    return n < l ? 0 : (n - l) / nsa.compressStride() + 1;
  }

  /** Learned slots before the windows, which every query sees. */
  int memory() {
    Var memory = inputs.find("mem_k");
    return memory == null ? 0 : memory.shape().extent(1);
  }

  /** The last token of a window. */
  int end(int window) {
    int first = window * nsa.compressStride();
    int covered = nsa.padding() == Padding.LEFT ? nsa.compressStride() : nsa.compressBlock();
    return first + covered - 1;
  }

  /** Whether a valid query that stands at a position sees a window. */
  boolean sees(int b, int position, int window) {
    int last = nsa.visible() == Visible.STRICT ? position - 1 : position;
    return end(window) < problem.keyLength(b) && (!nsa.causal() || end(window) <= last);
  }

  /** Memory and compressed keys or values, [B, H_kv, s + C, d]. */
  Var compress(Var x, char which) {
    Shape shape = x.shape();
    Var valid = Ops.select(x, KeepMask.where(shape, at -> at[2] < problem.keyLength(at[0])));
    Var windows = windows(valid);
    Var pe = inputs.find("pe_" + which);
    if (pe != null) {
      Shape wanted = Shape.of(shape.extent(1), nsa.compressBlock(), shape.extent(3));
      require("pe_" + which, pe, wanted);
      int[] apart = {shape.extent(1), 1, nsa.compressBlock(), shape.extent(3)};
      windows = Ops.add(windows, Ops.reshape(pe, Shape.of(apart)));
    }
    Var compressed = phi(windows, "phi_" + which);
    if (which == 'k') {
      int stride = nsa.compressStride();
      int depth = shape.extent(3);
      compressed =
          GateLayer.turned(
              compressed, nsa.compressedRope(), nsa.theta(), depth, (b, c) -> c * stride);
    }
    Var memory = inputs.find("mem_" + which);
    Require.argument(
        (memory == null) == (memory() == 0), "mem_k and mem_v belong together: give both or none");
    if (memory == null) {
      return compressed;
    }
    require("mem_" + which, memory, Shape.of(shape.extent(1), memory(), shape.extent(3)));
    Var repeated = Ops.broadcast(memory, shape.with(2, memory()));
    return Ops.concat(2, repeated, compressed);
  }

  /** The tokens of each window, [B, H_kv, C, l, d]. */
  private Var windows(Var x) {
    int l = nsa.compressBlock();
    int before = nsa.padding() == Padding.LEFT ? l - nsa.compressStride() : 0;
    Var padded = before == 0 ? x : Ops.pad(x, 2, before, 0);
    int[] tokens = new int[windows() * l];
    for (int p = 0; p < tokens.length; p++) {
      tokens[p] = p / l * nsa.compressStride() + p % l;
    }
    Shape shape = x.shape();
    return Ops.reshape(
        Ops.gather(padded, 2, tokens),
        Shape.of(shape.extent(0), shape.extent(1), windows(), l, shape.extent(3)));
  }

  private Var phi(Var windows, String name) {
    Shape shape = windows.shape();
    int l = nsa.compressBlock();
    int depth = shape.extent(4);
    Shape joined = Shape.of(shape.extent(0), shape.extent(1), shape.extent(2), l * depth);
    Shape made = joined.with(3, depth);
    if (nsa.phi() == Phi.MEAN) {
      return Ops.reshape(Composed.mean(windows, 3), made);
    }
    Require.argument(
        inputs.has(name), "phi %s needs the tensor %s: it has weights", nsa.phi(), name);
    Var weights = inputs.var(name);
    int hidden = weights.shape().rank() == 2 ? weights.shape().extent(0) : 0;
    int heads = shape.extent(1);
    require(name, weights, NsaTensors.phiShape(nsa.phi(), heads, l, depth, hidden));
    return switch (nsa.phi()) {
      case LINEAR ->
          Ops.matMul(
              Ops.reshape(windows, joined),
              Ops.broadcast(weights, Shape.of(joined.extent(0), heads, l * depth, depth)));
      case MLP -> Ops.reshape(perceptron(Ops.reshape(windows, joined), name), made);
      default -> {
        Var weighted = Ops.mul(windows, Ops.reshape(weights, Shape.of(heads, 1, l, 1)));
        yield Ops.reshape(Ops.sum(weighted, 3), made);
      }
    };
  }

  private Var perceptron(Var windows, String name) {
    Var hidden = Composed.relu(layer(windows, name, name + "_bias"));
    Require.argument(inputs.has(name + "_out"), "phi MLP needs the tensor %s_out", name);
    return layer(hidden, name + "_out", name + "_out_bias");
  }

  /** {@code x W^T + b} on the innermost axis, as a matrix of rows. */
  private Var layer(Var x, String weight, String bias) {
    int in = x.shape().extent(-1);
    int rows = 1;
    for (int axis = 0; axis + 1 < x.shape().rank(); axis++) {
      rows *= x.shape().extent(axis);
    }
    Var w = inputs.var(weight);
    Require.argument(
        w.shape().rank() == 2 && w.shape().extent(1) == in,
        "%s has shape %s: [any, %d] is needed",
        weight,
        w.shape(),
        in);
    Var y = Ops.matMul(Ops.reshape(x, Shape.of(rows, in)), Ops.transpose(w));
    Var shift = inputs.find(bias);
    return shift == null ? y : Ops.add(y, shift);
  }

  private static void require(String name, Var found, Shape wanted) {
    Require.argument(
        found.shape().equals(wanted), "%s has shape %s: %s is needed", name, found.shape(), wanted);
  }
}
