package dev.assay.gradcheck.conformance;

import dev.assay.autograd.Tape;
import dev.assay.gradcheck.bound.ScoreErrors;
import dev.assay.gradcheck.conformance.Attempt.Given;
import dev.assay.gradcheck.conformance.Attempt.Results;
import dev.assay.gradcheck.suite.Expectation;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.RankedChoice;
import dev.assay.mechanism.RankedChoice.ScoreError;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/**
 * Cases in which scores are so near each other that a right kernel may choose otherwise. What was
 * handed in is then held against the answer for its own choice: every list must be one of the right
 * ones, and out, lse and gradients must be those of these lists.
 */
final class OtherChoice {
  private OtherChoice() {}

  /** The case with the choice that was made, if that is another right one than the suite's. */
  static Optional<GoldenCase> of(GoldenCase golden, Results results, PrecisionClass precision) {
    if (golden.result() == Expectation.REFUSE || golden.samples() != null) {
      return Optional.empty();
    }
    Optional<RankedChoice> ranked =
        golden.mechanism().ranked(Inputs.on(new Tape(), golden.mechanism(), golden.inputs()));
    if (ranked.isEmpty()) {
      return Optional.empty();
    }
    String name = ranked.get().tensor();
    Given made = results.tensors().get(name);
    Tensor usual = golden.expect().get(name);
    boolean other =
        made != null
            && usual != null
            && made.value().shape().equals(usual.shape())
            && !Arrays.equals(made.value().toDoubles(), usual.toDoubles())
            && accepts(golden, ranked.get(), made.value(), precision);
    return other && made != null
        ? Optional.of(chosen(golden, name, made.value()))
        : Optional.empty();
  }

  private static boolean accepts(
      GoldenCase golden, RankedChoice ranked, Tensor made, PrecisionClass precision) {
    ScoreError error = ScoreErrors.of(ranked, precision, golden.exact().contains(ranked.tensor()));
    int width = ranked.width();
    return IntStream.range(0, ranked.rows().size())
        .allMatch(
            r -> {
              int length = ranked.rows().get(r).chosen().length;
              boolean padded =
                  IntStream.range(length, width).allMatch(e -> made.get(r * width + e) == -1);
              int[] list =
                  IntStream.range(0, length).map(e -> (int) made.get(r * width + e)).toArray();
              return padded && ranked.rows().get(r).accepts(list, error);
            });
  }

  private static GoldenCase chosen(GoldenCase golden, String name, Tensor made) {
    SequencedMap<String, Tensor> inputs = new LinkedHashMap<>(golden.inputs());
    inputs.put(name, made);
    SequencedMap<String, Tensor> answers = Evaluation.define(golden.mechanism(), inputs).results();
    SequencedMap<String, Tensor> expect = new LinkedHashMap<>(golden.expect());
    expect.replaceAll((result, usual) -> answers.getOrDefault(result, usual));
    expect.put(name, made);
    return Recast.of(
        Recast.of(golden, inputs), golden.mechanism(), expect, golden.exact(), golden.twin());
  }
}
