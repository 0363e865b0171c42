package dev.assay.gradcheck.conformance;

import dev.assay.file.TensorFile;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.verdict.Status;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where results come from that are judged: a folder, or a program that answers. */
public abstract sealed class Submission permits ResultFolder, PipedProgram {

  /**
   * What there is for a case.
   *
   * @param file the results as they were handed in, or null
   * @param instead what became of the case without a file
   */
  record Answer(@Nullable TensorFile file, Attempt instead) {
    /** For a case with results. */
    static Answer of(TensorFile file) {
      return new Answer(file, NONE);
    }

    /** For a case without. */
    static Answer without(Attempt instead) {
      return new Answer(null, instead);
    }
  }

  /** Nothing came, and nobody says why. */
  static final Attempt NONE = new Attempt.Nothing(Status.NOT_ATTEMPTED, "");

  /** What reports call it. */
  abstract String name();

  /** Who made the results, as far as it is said; may be empty. */
  abstract String impl();

  /** Id of the class of precision of results that name none themselves, or null. */
  abstract @Nullable String precision();

  /**
   * The results of a case; may wait for them.
   *
   * @throws IOException with one sentence, if they cannot be read
   */
  abstract Answer of(GoldenCase golden) throws IOException;

  /** What else should be known when all is judged. */
  abstract List<String> notes() throws IOException;
}
