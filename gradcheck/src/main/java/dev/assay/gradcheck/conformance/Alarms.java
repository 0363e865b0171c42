package dev.assay.gradcheck.conformance;

import dev.assay.engine.Engine;
import dev.assay.engine.ScalarEngine;
import dev.assay.gradcheck.bound.Bounds.Reference;
import dev.assay.gradcheck.bound.Declared;
import dev.assay.gradcheck.bound.NoBoundException;
import dev.assay.gradcheck.conformance.Attempt.Given;
import dev.assay.gradcheck.conformance.Attempt.Nothing;
import dev.assay.gradcheck.conformance.Attempt.Refusal;
import dev.assay.gradcheck.conformance.Attempt.Results;
import dev.assay.gradcheck.gate.BiasGate;
import dev.assay.gradcheck.gate.Comparison;
import dev.assay.gradcheck.gate.GateLine.Outcome;
import dev.assay.gradcheck.gate.GateShare;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.verdict.Status;
import dev.assay.mechanism.Evaluation;
import dev.assay.tensor.DType;
import dev.assay.tensor.Tensor;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/**
 * One case, and which gates engines set off on it: what a verdict rests on, without the report.
 * Many engines share the bounds of the case, which are computed once for each class.
 */
public final class Alarms {
  /**
   * What became of a run.
   *
   * @param judged whether the engine did the case at all
   * @param closed the gates that did not let it pass; empty for a right result
   * @param elements numbers that were compared
   * @param tightness largest error in units of its bound, over the gates' elements
   * @param results what it gave, for {@link #differs}
   */
  public record Run(
      boolean judged,
      Set<Alarm> closed,
      long elements,
      double tightness,
      SequencedMap<String, Tensor> results) {
    /** The same, without the tensors that it gave. */
    public Run withoutResults() {
      return new Run(judged, closed, elements, tightness, new LinkedHashMap<>());
    }

    /** One without a result. */
    public static Run of(boolean judged, Set<Alarm> closed) {
      return new Run(judged, closed, 0, 0, new LinkedHashMap<>());
    }
  }

  private final GoldenCase golden;
  private final Reference reference;
  private final Declared declared;
  private final CaseBounds bounds;

  private Alarms(GoldenCase golden, Reference reference, Declared declared) {
    this.golden = golden;
    this.reference = reference;
    this.declared = declared;
    this.bounds = new CaseBounds(golden, declared, reference);
  }

  /** For a case of a suite. */
  public static Alarms of(GoldenCase golden) {
    return of(golden, Reference.PROVEN);
  }

  /** For a case whose right results are what the reference says. */
  public static Alarms of(GoldenCase golden, Reference reference) {
    return new Alarms(golden, reference, Declared.NOTHING);
  }

  /** The same for engines that declare something. */
  public Alarms declaring(Declared other) {
    return new Alarms(Recast.asked(golden, other), reference, other);
  }

  /** For a random problem in the storage of a class, whose right results the fp64 engine gives. */
  public static Alarms random(int seed, int number, PrecisionClass precision) {
    GoldenCase unknown = new RandomCase(RandomProblem.of(seed, number)).golden(precision);
    SequencedMap<String, Tensor> right =
        Evaluation.lower(unknown.mechanism(), unknown.inputs(), new ScalarEngine()).results();
    right.keySet().removeAll(unknown.inputs().keySet());
    return new Alarms(
        Recast.of(unknown, unknown.mechanism(), right, unknown.exact(), unknown.twin()),
        Reference.COMPUTED,
        Declared.NOTHING);
  }

  /** The case. */
  public GoldenCase golden() {
    return golden;
  }

  /**
   * Runs an engine in its own class.
   *
   * @param choices made beforehand, by name, which the mechanism then does not make itself
   */
  public Run run(Engine engine, Map<String, Tensor> choices) {
    PrecisionClass precision = PrecisionClass.find(engine.precisionClass());
    Attempt attempt = new EngineAttempts(engine, precision).at(chosen(choices));
    return switch (attempt) {
      case Nothing nothing when nothing.status() == Status.FAILED ->
          Run.of(true, EnumSet.of(Alarm.CRASH));
      case Nothing _ -> Run.of(false, EnumSet.noneOf(Alarm.class));
      case Refusal _ -> Run.of(true, EnumSet.of(Alarm.CRASH));
      case Results results -> judged(precision, with(results, choices));
    };
  }

  /**
   * The results of an engine, tensor by tensor, with their bounds; none if it does not do the case.
   */
  public List<Comparison> compared(Engine engine) {
    return compared(engine, Map.of());
  }

  /**
   * The results of an engine in its own class, each held against what is right; empty if there are
   * none that can be compared.
   *
   * @param choices made beforehand, by name, which the mechanism then does not make itself
   */
  public List<Comparison> compared(Engine engine, Map<String, Tensor> choices) {
    PrecisionClass precision = PrecisionClass.find(engine.precisionClass());
    Attempt attempt = new EngineAttempts(engine, precision).at(chosen(choices));
    if (!(attempt instanceof Results given)) {
      return List.of();
    }
    Results results = with(given, choices);
    try {
      return Judge.malformed(golden, results).isEmpty()
          ? Judge.compared(golden, results, bounds.of(precision))
          : List.of();
    } catch (NoBoundException none) {
      return List.of();
    }
  }

  private GoldenCase chosen(Map<String, Tensor> choices) {
    if (choices.isEmpty()) {
      return golden;
    }
    SequencedMap<String, Tensor> inputs = new LinkedHashMap<>(golden.inputs());
    inputs.putAll(choices);
    return Recast.of(golden, inputs);
  }

  /** A choice is judged as it was made, in its order, not as the mechanism understood it. */
  private static Results with(Results results, Map<String, Tensor> choices) {
    Map<String, Given> given = new LinkedHashMap<>(results.tensors());
    choices.forEach((name, choice) -> given.put(name, new Given(choice, DType.F64)));
    return new Results(given, results.unsupported());
  }

  private Run judged(PrecisionClass precision, Results results) {
    Optional<GoldenCase> other = OtherChoice.of(golden, results, precision);
    GoldenCase right = other.orElse(golden);
    if (!Judge.malformed(right, results).isEmpty()) {
      return Run.of(true, EnumSet.of(Alarm.SHAPE));
    }
    List<Comparison> compared;
    try {
      CaseBounds own =
          other.map(one -> new CaseBounds(one, declared, Reference.COMPUTED)).orElse(bounds);
      compared = Judge.compared(right, results, own.of(precision));
    } catch (NoBoundException none) {
      return Run.of(false, EnumSet.noneOf(Alarm.class));
    }
    EnumSet<Alarm> closed = EnumSet.noneOf(Alarm.class);
    long elements = 0;
    double tightness = 0;
    for (Comparison each : compared) {
      elements += each.golden().size() - each.unbounded();
      tightness = Math.max(tightness, each.tightness());
      for (int position : each.failures()) {
        closed.add(gate(each, position));
      }
    }
    if (leans(compared, precision)) {
      closed.add(Alarm.BIAS);
    }
    SequencedMap<String, Tensor> values = new LinkedHashMap<>();
    results.tensors().forEach((name, given) -> values.put(name, given.value()));
    return new Run(true, closed, elements, tightness, values);
  }

  private Alarm gate(Comparison compared, int position) {
    if (golden.exact().contains(compared.tensor()) || compared.bound().get(position) == 0) {
      return Alarm.EXACT;
    }
    boolean finite = Double.isFinite(compared.golden().get(position));
    return finite && !Double.isFinite(compared.value().get(position)) ? Alarm.NAN : Alarm.ELEMENT;
  }

  /** Gate G2 over the rows of this case alone. */
  private boolean leans(List<Comparison> compared, PrecisionClass precision) {
    BiasGate bias = new BiasGate(precision);
    bias.add(golden, compared.stream().map(each -> GateShare.of(golden, each)).toList());
    return bias.lines().stream().anyMatch(line -> line.outcome() == Outcome.FAIL);
  }

  /** Whether the results of this case and of its twin differ in a bit. */
  public boolean differs(Run own, Run twin) {
    Twins twins = new Twins();
    twins.keep(golden, given(own), Set.of());
    String name = golden.twin();
    if (name == null || own.results().isEmpty() || twin.results().isEmpty()) {
      return false;
    }
    twins.keep(name, given(twin));
    return twins.difference(golden).isPresent();
  }

  private static Map<String, Given> given(Run run) {
    Map<String, Given> given = new LinkedHashMap<>();
    run.results().forEach((name, value) -> given.put(name, new Given(value, DType.F64)));
    return given;
  }
}
