package dev.assay.wiring;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.TensorSpec;
import dev.assay.mechanism.TensorSpec.Kind;
import dev.assay.nn.Runner;
import dev.assay.tensor.Tensor;
import dev.assay.wiring.Wiring.Line;
import dev.assay.wiring.Wiring.Part;
import dev.assay.wiring.Wiring.Size;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One run of a {@link Wiring} on given tensors.
 *
 * <p>Results are what the mechanism gave ({@code out}, {@code lse}, its choices) as the lines
 * behind {@code run} left it, and what else these lines give. Gradients are those of the sum of
 * {@code <result, d_result>} over all results with such a cotangent, in every tensor of the files
 * that they depend on: that of x is called {@code d_x}.
 */
public final class WiringRun {
  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?([eE][+-]?\\d+)?");

  private final Wiring wiring;
  private final Values values;
  private final SequencedMap<String, Value> results = new LinkedHashMap<>();
  private final Set<String> choices = new HashSet<>();
  private final SequencedMap<String, Tensor> gradients = new LinkedHashMap<>();

  private WiringRun(Wiring wiring, Values values) {
    this.wiring = wiring;
    this.values = values;
  }

  /**
   * Runs a layer.
   *
   * @param mechanism its own, from {@link Wiring#make}
   * @param files tensors by name
   * @param with the numbers that it takes
   * @param runner ops alone, or an engine
   * @param gradients whether gradients are wanted; there must be a cotangent then
   * @throws IllegalArgumentException with one sentence that names the layer and the line
   */
  public static WiringRun of(
      Wiring wiring,
      @Nullable Mechanism mechanism,
      Map<String, Tensor> files,
      Map<String, Double> with,
      Runner runner,
      boolean gradients) {
    Values values = new Values(new Tape(), files);
    sizes(wiring, mechanism, with, values);
    WiringRun run = new WiringRun(wiring, values);
    run.lines(Part.INPUTS);
    if (mechanism != null) {
      run.attend(mechanism, files, runner);
    }
    run.lines(Part.RESULTS).stream()
        .filter(name -> !name.startsWith(WiringGradients.COTANGENT))
        .forEach(name -> run.results.put(name, values.get(name)));
    if (gradients) {
      run.gradients.putAll(WiringGradients.of(values, run.results));
    }
    return run;
  }

  /**
   * Published tensors as the lines behind {@code expect} read them.
   *
   * @param tensors what was published, and what lines gave
   * @param read names that lines read, and such as only other lines need
   */
  public record Expected(SequencedMap<String, Tensor> tensors, Set<String> read) {}

  /** Reads published tensors; those that no line names stay as they are. */
  public static Expected expected(
      Wiring wiring,
      @Nullable Mechanism mechanism,
      Map<String, Tensor> published,
      Map<String, Double> with) {
    Values values = new Values(new Tape(), published);
    sizes(wiring, mechanism, with, values);
    WiringRun run = new WiringRun(wiring, values);
    SequencedMap<String, Tensor> all = new LinkedHashMap<>(published);
    Set<String> read = new HashSet<>();
    for (String name : run.lines(Part.EXPECTED)) {
      all.put(name, values.tensor(values.get(name)));
    }
    wiring.lines(Part.EXPECTED).forEach(line -> read.addAll(line.value().names()));
    return new Expected(all, read);
  }

  private static void sizes(
      Wiring wiring, @Nullable Mechanism mechanism, Map<String, Double> with, Values values) {
    Map<String, String> settings = mechanism == null ? Map.of() : Settings.of(mechanism);
    settings.forEach(
        (key, text) -> {
          if (NUMBER.matcher(text).matches()) {
            values.put("set." + key, new Value.Scalar(Double.parseDouble(text)));
          }
        });
    wiring.requireSizes(with.keySet());
    for (Size size : wiring.sizes()) {
      Double given = with.get(size.name());
      values.put(
          size.name(),
          given != null ? new Value.Scalar(given) : values.of(Objects.requireNonNull(size.by())));
    }
  }

  /** Works the lines of a part out; gives their names. */
  private Set<String> lines(Part part) {
    Set<String> names = new LinkedHashSet<>();
    for (Line line : wiring.lines(part)) {
      if (line.optional() && !values.suffice(line.value())) {
        continue;
      }
      try {
        values.put(line.name(), values.of(line.value()));
      } catch (IllegalArgumentException wrong) {
        throw new IllegalArgumentException(
            "%s, line %d, %s: %s"
                .formatted(wiring.name(), line.number(), line.name(), wrong.getMessage()),
            wrong);
      }
      names.add(line.name());
    }
    return names;
  }

  private void attend(Mechanism attention, Map<String, Tensor> files, Runner runner) {
    requireUse(attention);
    Map<String, Var> vars = new LinkedHashMap<>();
    Map<String, Tensor> given = new LinkedHashMap<>();
    for (TensorSpec spec : attention.tensors()) {
      if (!values.isWorkedOut(spec.name()) && !files.containsKey(spec.name())) {
        continue;
      }
      if (spec.kind() == Kind.CHOICE) {
        given.put(spec.name(), values.tensor(values.get(spec.name())));
      } else {
        vars.put(spec.name(), values.var(spec.name()));
      }
    }
    Inputs all = Inputs.of(attention, values.tape(), vars, given);
    Answer answer = runner.run(attention, values.tape(), all);
    result("out", new Value.Recorded(answer.out()));
    Var lse = answer.lse();
    if (lse != null) {
      result("lse", new Value.Recorded(lse));
    }
    answer
        .choices()
        .forEach(
            (name, choice) -> {
              choices.add(name);
              result(name, new Value.Plain(choice, null));
            });
    attention
        .asides()
        .forEach(
            (name, aside) -> values.putLater(name, () -> new Value.Recorded(aside.apply(all))));
    values.putLater("weights", () -> new Value.Plain(Pairs.weights(attention, all), null));
    values.putLater("attended", () -> new Value.Plain(Pairs.attended(attention, all), null));
  }

  private void result(String name, Value value) {
    values.put(name, value);
    results.put(name, value);
  }

  /** A name that nobody reads is a slip of the pen. */
  private void requireUse(Mechanism attention) {
    List<String> reads = attention.tensors().stream().map(TensorSpec::name).toList();
    Set<String> used = new HashSet<>(reads);
    for (Part part : List.of(Part.INPUTS, Part.RESULTS)) {
      wiring.lines(part).forEach(line -> used.addAll(line.value().names()));
    }
    for (Line line : wiring.lines(Part.INPUTS)) {
      Require.argument(
          used.contains(line.name()) || line.name().startsWith(WiringGradients.COTANGENT),
          "%s, line %d: nothing reads %s; %s reads %s",
          wiring.name(),
          line.number(),
          line.name(),
          attention.id(),
          reads);
    }
  }

  /** Results and gradients by name. */
  public SequencedMap<String, Tensor> results() {
    SequencedMap<String, Tensor> all = new LinkedHashMap<>();
    results.forEach((name, value) -> all.put(name, values.tensor(value)));
    all.putAll(gradients);
    return all;
  }

  /** The results that are discrete choices of the mechanism. */
  public Set<String> choices() {
    return Collections.unmodifiableSet(choices);
  }

  /** The tensors of the files that had any part. */
  public Set<String> read() {
    return values.read();
  }
}
