package dev.assay.gradcheck.conformance;

import dev.assay.gradcheck.conformance.Attempt.Given;
import dev.assay.gradcheck.conformance.Attempt.Nothing;
import dev.assay.gradcheck.conformance.Attempt.Refusal;
import dev.assay.gradcheck.conformance.Attempt.Results;
import dev.assay.gradcheck.gate.Comparison;
import dev.assay.gradcheck.gate.GateShare;
import dev.assay.gradcheck.suite.Expectation;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.RelationsDocument.Relation;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.gradcheck.verdict.CaseVerdict;
import dev.assay.gradcheck.verdict.Status;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Says what became of a case, from what an implementation answered. */
final class Judge {
  /** For so many failing cases the guesses may compute the oracle again. */
  private static final int DEEP = 12;

  private final Set<String> related = new HashSet<>();

  /** A judge of the cases of a suite. */
  Judge(Suite suite) {
    for (Relation relation : suite.relations()) {
      related.add(relation.left());
      related.add(relation.right());
    }
  }

  /**
   * A verdict and what it rests on.
   *
   * @param verdict the verdict
   * @param shares what its compared tensors add to the gates over all cases
   * @param compared its compared tensors, if one is wrong or another case's results must fit them,
   *     else none
   */
  record Judged(CaseVerdict verdict, List<GateShare> shares, List<Comparison> compared) {
    static Judged without(GoldenCase golden, Status status, String reason, String replay) {
      return new Judged(CaseVerdict.of(golden, status, reason, replay), List.of(), List.of());
    }

    /** The same numbers with another verdict on them. */
    Judged with(CaseVerdict other) {
      return new Judged(other, shares, compared);
    }
  }

  /** Gives the bounds of a case by tensor name, when they are needed. */
  interface BoundsOfCase {
    /** The bounds. */
    Map<String, Tensor> get();
  }

  /**
   * The verdict on a case.
   *
   * @param replay the command that repeats it
   */
  Judged judge(GoldenCase golden, Attempt attempt, BoundsOfCase bounds, String replay) {
    return switch (attempt) {
      case Nothing nothing -> Judged.without(golden, nothing.status(), nothing.reason(), replay);
      case Refusal refusal -> refused(golden, refusal, replay);
      case Results _ when golden.result() == Expectation.REFUSE ->
          Judged.without(
              golden,
              Status.FAILED,
              "gave results, but had to refuse: " + golden.refuseCode(),
              replay);
      case Results results -> compare(golden, results, bounds, replay);
    };
  }

  private static Judged refused(GoldenCase golden, Refusal refusal, String replay) {
    boolean right = golden.result() == Expectation.REFUSE;
    String sentence = "refused: " + refusal.sentence();
    return Judged.without(golden, right ? Status.PASSED : Status.FAILED, sentence, replay);
  }

  private Judged compare(
      GoldenCase golden, Results results, BoundsOfCase boundsOfCase, String replay) {
    String wrong = malformed(golden, results);
    if (!wrong.isEmpty()) {
      return Judged.without(golden, Status.MALFORMED, wrong, replay);
    }
    List<Comparison> compared = compared(golden, results, boundsOfCase.get());
    boolean fails = compared.stream().anyMatch(each -> !each.passes());
    CaseVerdict verdict = CaseVerdict.of(golden, compared, results.unsupported(), replay);
    return new Judged(
        verdict,
        compared.stream().map(each -> GateShare.of(golden, each)).toList(),
        fails || related.contains(golden.name()) ? compared : List.of());
  }

  /**
   * The same, with a closer look at the first cases in which numbers are wrong: the first of the
   * suite, not those that happened to be judged first.
   */
  static List<Judged> closer(List<Judged> all) {
    List<Judged> looked = new ArrayList<>(all);
    int[] first =
        IntStream.range(0, all.size())
            .filter(at -> !all.get(at).verdict().failing().isEmpty())
            // Of a recipe nobody has the whole inputs that the oracle would need.
            .filter(at -> all.get(at).verdict().golden().samples() == null)
            .limit(DEEP)
            .toArray();
    IntStream.of(first).parallel().forEach(at -> looked.set(at, closer(all.get(at))));
    return looked;
  }

  private static Judged closer(Judged judged) {
    return judged.with(judged.verdict().closer(judged.compared()));
  }

  /** Every result that was given and is expected, held against its bounds. */
  static List<Comparison> compared(GoldenCase golden, Results results, Map<String, Tensor> bounds) {
    List<Comparison> compared = new ArrayList<>();
    golden
        .expect()
        .forEach(
            (name, expected) -> {
              Given given = results.tensors().get(name);
              if (given != null) {
                Tensor bound =
                    golden.exact().contains(name) || !bounds.containsKey(name)
                        ? Tensor.zeros(expected.shape())
                        : bounds.get(name);
                compared.add(Comparison.of(name, given.type(), given.value(), expected, bound));
              }
            });
    return compared;
  }

  /** What keeps results from being compared, in a sentence; empty if nothing does. */
  static String malformed(GoldenCase golden, Results results) {
    for (Map.Entry<String, Tensor> expected : golden.expect().entrySet()) {
      String name = expected.getKey();
      Given given = results.tensors().get(name);
      if (given == null && !results.unsupported().containsKey(name)) {
        return "tensor %s is missing: the case expects %s"
            .formatted(name, golden.expect().keySet());
      }
      if (given != null && !given.value().shape().equals(expected.getValue().shape())) {
        return "tensor %s has shape %s: %s is expected"
            .formatted(name, given.value().shape(), expected.getValue().shape());
      }
    }
    return "";
  }
}
