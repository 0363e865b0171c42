package dev.assay.accelerated.tornado;

import dev.assay.accelerated.device.BiasSum;
import dev.assay.accelerated.device.Packed;
import dev.assay.accelerated.device.PageSum;
import dev.assay.accelerated.device.Parts;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Forward;
import dev.assay.plan.Gradients;
import dev.assay.plan.Plan;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Runs of one plan without branches on a device. */
final class Runs {
  private final Programs programs;
  private final boolean lean;
  private long kernelNanos;

  /**
   * Runs on the device of some programs.
   *
   * @param lean whether lean problems get kernels of their own
   */
  Runs(Programs programs, boolean lean) {
    this.programs = programs;
    this.lean = lean;
  }

  /** Nanoseconds that the device was busy with kernels so far. */
  long kernelNanos() {
    return kernelNanos;
  }

  Forward forward(AttentionProblem problem, Plan plan) {
    Packed packed = Packed.forward(problem, plan);
    int planes = problem.batches() * problem.heads();
    float[] out = new float[problem.outShape().size()];
    float[] lse = new float[problem.lseShape().size()];
    if (lse.length > 0) {
      Program program =
          programs.of(
              lean && Packed.lean(problem) ? Program.Kind.LEAN_FORWARD : Program.Kind.FORWARD,
              packed);
      kernelNanos += program.run(packed, planes, problem.valueDepth());
      out = program.result(packed.regions().get("out"));
      lse = program.result(packed.regions().get("lse"));
    }
    return new Forward(
        Tensor.adopt(problem.outShape(), out), Tensor.adopt(problem.lseShape(), lse));
  }

  Gradients backward(
      AttentionProblem problem, Plan plan, Forward forward, Tensor dOut, @Nullable Tensor dLse) {
    if (problem.lseShape().size() == 0 || problem.k().size() == 0 || problem.keys() == 0) {
      return nothing(problem);
    }
    Packed packed = Packed.backward(problem, plan, forward, dOut, dLse);
    Program program =
        programs.of(
            packed.inParts() ? Program.Kind.BACKWARD_IN_PARTS : Program.Kind.BACKWARD, packed);
    kernelNanos += program.run(packed, problem.batches() * problem.heads(), problem.depth());
    float[] dq = byQuery(packed, program, "dq", problem.depth());
    float[] dk = byKey(packed, program, "dk", 1, problem.depth());
    float[] dv = byKey(packed, program, "dv", 1, problem.valueDepth());
    return Gradients.of(
            Tensor.adopt(problem.q().shape(), dq),
            PageSum.of(problem, problem.k(), dk),
            PageSum.of(problem, problem.v(), dv))
        .and("dbias", problem.bias() == null ? null : bias(problem, packed, program));
  }

  /** A result with a row for each query, parts added. */
  private static float[] byQuery(Packed packed, Program program, String name, int width) {
    int tokens = packed.problem().queries();
    return whole(packed, program, name, packed.queryParts(), 1, tokens, width);
  }

  /** A result with rows for each key, one for each head of a group, parts added. */
  private static float[] byKey(Packed packed, Program program, String name, int group, int width) {
    int tokens = packed.problem().keys();
    return whole(packed, program, name, packed.keyParts(), group, tokens, width);
  }

  private static float[] whole(
      Packed packed, Program program, String name, Parts parts, int group, int tokens, int width) {
    float[] rows = program.result(packed.regions().get(name));
    float[] inSlots = program.result(packed.regions().get(name + "_parts"));
    parts.add(rows, inSlots, group, tokens, width);
    return rows;
  }

  private Tensor bias(AttentionProblem problem, Packed packed, Program backward) {
    if (!BiasSum.pairwise(problem)) {
      return BiasSum.of(
          problem,
          byQuery(packed, backward, "query_sums", 1),
          byKey(packed, backward, "key_sums", problem.heads() / problem.kvHeads(), 1));
    }
    Shape shape = Objects.requireNonNull(problem.bias()).shape();
    Program program = programs.of(Program.Kind.BIAS, packed);
    kernelNanos += program.run(packed, shape.extent(0) * shape.extent(1), 1);
    return Tensor.adopt(shape, program.result(packed.regions().get("dbias")));
  }

  /** Zeros, where no query or no key is. */
  private static Gradients nothing(AttentionProblem problem) {
    Tensor bias = problem.bias();
    return Gradients.of(
            zeros(problem.q().shape()), zeros(problem.k().shape()), zeros(problem.v().shape()))
        .and("dbias", bias == null ? null : zeros(bias.shape()));
  }

  private static Tensor zeros(Shape shape) {
    float[] values = new float[shape.size()];
    Arrays.fill(values, 0);
    return Tensor.adopt(shape, values);
  }
}
