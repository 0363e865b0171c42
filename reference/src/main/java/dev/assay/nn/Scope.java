package dev.assay.nn;

import dev.assay.autograd.Node;
import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.Mechanism;
import dev.assay.op.Ops;
import dev.assay.tensor.Philox;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A place in a model during one pass: gives the layers there their parameters as values on the
 * tape, runs their mechanisms, and remembers both. Names are joined with points.
 */
public final class Scope {
  /**
   * Whether and how channels are dropped: Srivastava et al., "Dropout" (2014).
   *
   * @param rate share of dropped numbers, in [0, 1)
   * @param seed which numbers
   * @param step counter; another step drops others
   */
  public record Dropout(double rate, int seed, int step) {
    /** Checks the rate. */
    public Dropout {
      Require.argument(rate >= 0 && rate < 1, "dropout is %s: it must lie in [0, 1)", rate);
    }
  }

  /** What all places of a pass share. */
  private record Pass(
      Tape tape,
      Parameters parameters,
      Runner runner,
      @Nullable Dropout dropout,
      SequencedMap<String, Var> leaves,
      List<Attended> attended) {}

  private final Pass pass;
  private final String name;

  private Scope(Pass pass, String name) {
    this.pass = pass;
    this.name = name;
  }

  /** The outermost place of a pass without dropout: evaluation. */
  public static Scope of(Tape tape, Parameters parameters, Runner runner) {
    return of(tape, parameters, runner, null);
  }

  /** The outermost place of a pass. */
  public static Scope of(
      Tape tape, Parameters parameters, Runner runner, @Nullable Dropout dropout) {
    return new Scope(
        new Pass(tape, parameters, runner, dropout, new LinkedHashMap<>(), new ArrayList<>()), "");
  }

  /** A place within this one. */
  public Scope in(String inner) {
    return new Scope(pass, qualified(inner));
  }

  private String qualified(String inner) {
    return name.isEmpty() ? inner : name + "." + inner;
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** What is recorded on. */
  public Tape tape() {
    return pass.tape;
  }

  /** A parameter of this place as a leaf of the tape, the same one each time. */
  public Var parameter(String inner, Start start, int... extents) {
    String full = qualified(inner);
    Shape shape = Shape.of(extents);
    Tensor value = pass.parameters.get(full, shape, start);
    return pass.leaves.computeIfAbsent(full, it -> pass.tape.leaf(it, value));
  }

  /** Numbers of this place that do not learn. */
  public SequencedMap<String, Tensor> buffers(
      String inner, Supplier<? extends Map<String, Tensor>> draw) {
    return pass.parameters.buffers(qualified(inner), draw);
  }

  /** What is slow to make and easily made again. */
  Map<String, Tensor> remembered(String inner, Supplier<? extends Map<String, Tensor>> make) {
    return pass.parameters.remembered(qualified(inner), make);
  }

  /** A seed of this place's own. */
  public int seed() {
    return pass.parameters.seed() ^ Parameters.stream(name);
  }

  /**
   * Drops numbers and scales those that stay by 1 / (1 - rate), in a pass that has a {@link
   * Dropout}.
   */
  public Var drop(String inner, Var x) {
    Dropout dropout = pass.dropout;
    if (dropout == null || dropout.rate == 0) {
      return x;
    }
    Philox generator = new Philox(dropout.seed, Parameters.stream(qualified(inner)), dropout.step);
    double threshold = dropout.rate * 65536;
    double kept = 1 / (1 - dropout.rate);
    Tensor factor = Tensor.generate(x.shape(), p -> generator.uniform16(p) >= threshold ? kept : 0);
    return Ops.mul(x, Ops.constant(pass.tape, factor));
  }

  /** Runs a mechanism at this place. */
  public Answer attend(Mechanism mechanism, Map<String, Var> values, Map<String, Tensor> given) {
    Inputs inputs = Inputs.of(mechanism, pass.tape, values, given);
    int before = pass.tape.nodes().size();
    Answer answer = pass.runner.run(mechanism, pass.tape, inputs);
    List<Node> nodes = pass.tape.nodes();
    pass.attended.add(
        new Attended(
            name, mechanism, inputs, answer, List.copyOf(nodes.subList(before, nodes.size()))));
    return answer;
  }

  /** The parameters that were asked for in this pass, by name, as leaves of the tape. */
  public SequencedMap<String, Var> leaves() {
    return Collections.unmodifiableSequencedMap(pass.leaves);
  }

  /** The mechanisms that were run in this pass, in order. */
  public List<Attended> attended() {
    return Collections.unmodifiableList(pass.attended);
  }
}
