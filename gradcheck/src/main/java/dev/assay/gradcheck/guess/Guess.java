package dev.assay.gradcheck.guess;

import java.util.Optional;

/** One suspicion. */
interface Guess {
  /** A sentence, if the failure looks like it. */
  Optional<String> look(Failure failure);
}
