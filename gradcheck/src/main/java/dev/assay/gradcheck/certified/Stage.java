package dev.assay.gradcheck.certified;

import dev.assay.op.Add;
import dev.assay.op.Broadcast;
import dev.assay.op.Concat;
import dev.assay.op.Detach;
import dev.assay.op.Div;
import dev.assay.op.Exp;
import dev.assay.op.Gather;
import dev.assay.op.Log;
import dev.assay.op.LogSumExp;
import dev.assay.op.MaskedSoftmax;
import dev.assay.op.MatMul;
import dev.assay.op.Mul;
import dev.assay.op.Pad;
import dev.assay.op.Permute;
import dev.assay.op.Primitive;
import dev.assay.op.Reshape;
import dev.assay.op.Rotary;
import dev.assay.op.Scale;
import dev.assay.op.ScatterAdd;
import dev.assay.op.Sddmm;
import dev.assay.op.Select;
import dev.assay.op.Shift;
import dev.assay.op.Sigmoid;
import dev.assay.op.Slice;
import dev.assay.op.Spmm;
import dev.assay.op.Sqrt;
import dev.assay.op.Step;
import dev.assay.op.StraightThrough;
import dev.assay.op.Sub;
import dev.assay.op.SumTo;
import dev.assay.op.Tanh;
import java.util.Optional;

/** The stages of a graph in which errors arise. */
public enum Stage {
  /** Products of queries and keys, and other matrix products. */
  PRODUCTS("products"),
  /** Softmax and log-sum-exp. */
  SOFTMAX("softmax"),
  /** Weights times values. */
  VALUES("weighted values"),
  /** Exponentials, roots, quotients and the like. */
  FUNCTIONS("functions"),
  /** Sums, differences, factors, rotations. */
  SUMS("sums and factors");

  private final String title;

  Stage(String title) {
    this.title = title;
  }

  /** What tables call it. */
  public String title() {
    return title;
  }

  /** The stage of an op; empty if it only moves elements. */
  static Optional<Stage> of(Primitive op) {
    return switch (op) {
      case MatMul _, Sddmm _ -> Optional.of(PRODUCTS);
      case MaskedSoftmax _, LogSumExp _ -> Optional.of(SOFTMAX);
      case Spmm _ -> Optional.of(VALUES);
      case Exp _, Log _, Sqrt _, Tanh _, Sigmoid _, Div _ -> Optional.of(FUNCTIONS);
      case Add _, Sub _, Mul _, Scale _, Shift _, SumTo _, ScatterAdd _, Rotary _ ->
          Optional.of(SUMS);
      case Broadcast _,
          Concat _,
          Detach _,
          Gather _,
          Pad _,
          Permute _,
          Reshape _,
          Select _,
          Slice _,
          Step _,
          StraightThrough _ ->
          Optional.empty();
    };
  }
}
