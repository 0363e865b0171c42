package dev.assay.gradcheck.guess;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/** The causal frontier or the window stands elsewhere: moved by one, or aligned at the top left. */
final class CausalFrontier implements Guess {
  @Override
  public Optional<String> look(Failure failure) {
    boolean movable =
        failure.golden().mechanism().tensors().stream().anyMatch(t -> t.name().equals("offset"));
    Branch run = movable ? failure.oracle().attention() : null;
    if (run == null || !(run.problem().causal() || run.problem().window() != null)) {
      return Optional.empty();
    }
    AttentionProblem problem = run.problem();
    if (matches(failure, problem, "offset + 1", s -> problem.offset(s) + 1)) {
      return Optional.of("rows equal the causal frontier moved by one: key i + offset + 1 is seen");
    }
    if (matches(failure, problem, "offset - 1", s -> problem.offset(s) - 1)) {
      return Optional.of("rows equal the causal frontier moved by one: key i + offset is not seen");
    }
    if (matches(failure, problem, "offset 0", _ -> 0)) {
      return Optional.of("rows equal a causal frontier aligned at the top left (offset 0)");
    }
    return Optional.empty();
  }

  private static boolean matches(
      Failure failure, AttentionProblem problem, String assumption, IntUnaryOperator offset) {
    int sequences = problem.ragged() != null ? problem.ragged().sequences() : problem.batches();
    Tensor moved = Tensor.generate(Shape.of(sequences), offset::applyAsInt);
    return failure.matchesWith(
        assumption, failure.golden().mechanism(), failure.oracle().with("offset", moved));
  }
}
