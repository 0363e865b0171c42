package dev.assay.gradcheck.guess;

import java.util.ArrayList;
import java.util.List;

/** All suspicions, the surest first. */
public final class Guesses {
  /** How many are told. */
  private static final int MOST = 3;

  /** Those that look at the numbers. */
  private static final List<Guess> PATTERNS =
      List.of(
          new RowOfNaN(),
          new RowOfZeros(),
          new RowCopied(),
          new ConstantRatio(),
          new ConstantDifference());

  /** Those that compute something again. */
  private static final List<Guess> HYPOTHESES =
      List.of(
          new LostKey(),
          new HeadMap(),
          new CausalFrontier(),
          new IgnoredInput(),
          new OtherSetting(),
          new OtherScale());

  /** Those that only say where. */
  private static final List<Guess> PLACES = List.of(new LastBlock(), new SomeHeads());

  private Guesses() {}

  /**
   * What the failure looks like, in at most three sentences; empty if like nothing known.
   *
   * @param deep whether the oracle may be computed again
   */
  public static List<String> at(Failure failure, boolean deep) {
    List<String> sentences = new ArrayList<>();
    ask(PATTERNS, failure, sentences);
    if (sentences.isEmpty() && deep) {
      ask(HYPOTHESES, failure, sentences);
    }
    ask(PLACES, failure, sentences);
    return sentences.subList(0, Math.min(MOST, sentences.size()));
  }

  private static void ask(List<Guess> guesses, Failure failure, List<String> sentences) {
    for (Guess guess : guesses) {
      guess.look(failure).ifPresent(sentences::add);
    }
  }
}
