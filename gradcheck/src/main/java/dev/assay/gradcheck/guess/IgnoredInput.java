package dev.assay.gradcheck.guess;

import dev.assay.mechanism.TensorSpec;
import java.util.Optional;

/** An optional tensor is given and has no effect. */
final class IgnoredInput implements Guess {
  @Override
  public Optional<String> look(Failure failure) {
    for (TensorSpec spec : failure.golden().mechanism().tensors()) {
      boolean given = !spec.required() && failure.inputs().containsKey(spec.name());
      String assumption = "without " + spec.name();
      if (given
          && failure.matchesWith(
              assumption, failure.golden().mechanism(), failure.oracle().with(spec.name(), null))) {
        return Optional.of("the result is that without " + spec.name() + ": is it ignored?");
      }
    }
    if (failure.tensor().startsWith("d")
        && failure.inputs().containsKey("d_lse")
        && failure.matchesWith(
            "without d_lse", failure.golden().mechanism(), failure.oracle().with("d_lse", null))) {
      return Optional.of("the result is that without d_lse: is the LSE's gradient ignored?");
    }
    return Optional.empty();
  }
}
