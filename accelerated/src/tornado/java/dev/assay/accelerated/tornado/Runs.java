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
    Parts byKeys = packed.keyParts();
    float[] dq = queryRows(packed, program, "dq", "dq_parts", problem.depth());
    float[] dk = result(packed, program, "dk");
    float[] dv = result(packed, program, "dv");
    byKeys.add(dk, result(packed, program, "dk_parts"), 1, problem.keys(), problem.depth());
    byKeys.add(dv, result(packed, program, "dv_parts"), 1, problem.keys(), problem.valueDepth());
    return Gradients.of(
            Tensor.adopt(problem.q().shape(), dq),
            PageSum.of(problem, problem.k(), dk),
            PageSum.of(problem, problem.v(), dv))
        .and("dbias", problem.bias() == null ? null : bias(problem, packed, program));
  }

  private static float[] result(Packed packed, Program program, String name) {
    return program.result(packed.regions().get(name));
  }

  private static float[] queryRows(
      Packed packed, Program program, String name, String parts, int width) {
    float[] rows = result(packed, program, name);
    packed
        .queryParts()
        .add(rows, result(packed, program, parts), 1, packed.problem().queries(), width);
    return rows;
  }

  private Tensor bias(AttentionProblem problem, Packed packed, Program backward) {
    if (!BiasSum.pairwise(problem)) {
      return BiasSum.of(
          problem,
          queryRows(packed, backward, "query_sums", "query_sum_parts", 1),
          keySums(packed, backward));
    }
    Shape shape = Objects.requireNonNull(problem.bias()).shape();
    Program program = programs.of(Program.Kind.BIAS, packed);
    kernelNanos += program.run(packed, shape.extent(0) * shape.extent(1), 1);
    return Tensor.adopt(shape, program.result(packed.regions().get("dbias")));
  }

  /** Sums over queries for each key of each query head. */
  private static float[] keySums(Packed packed, Program backward) {
    AttentionProblem problem = packed.problem();
    float[] sums = result(packed, backward, "key_sums");
    int group = problem.heads() / problem.kvHeads();
    packed
        .keyParts()
        .add(sums, result(packed, backward, "key_sum_parts"), group, problem.keys(), 1);
    return sums;
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
