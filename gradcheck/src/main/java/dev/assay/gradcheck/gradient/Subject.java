package dev.assay.gradcheck.gradient;

import dev.assay.autograd.Op;
import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.TensorSpec;
import dev.assay.op.OpCatalog;
import dev.assay.op.Sample;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A function whose derivatives are checked, and the point at which they are.
 *
 * @param name what a report calls it; it also keys the random directions
 * @param inputs names of the differentiated inputs
 * @param point their values
 * @param meaning how to record it, there and elsewhere
 */
public record Subject(String name, List<String> inputs, List<Tensor> point, Meaning meaning) {

  /** Records a function on a tape at a point. */
  @FunctionalInterface
  public interface Meaning {
    Recording record(Tape tape, List<Tensor> point);
  }

  /** A primitive at a sample; inputs that have no gradient by design are constants. */
  public static Subject of(Sample sample) {
    String name = sample.op().name() + ", " + sample.remark();
    return of(name, sample.op(), sample.inputs(), OpCatalog.withoutGradient(sample.op()));
  }

  /** Any op with the given inputs, some of which are constants. */
  static Subject of(String name, Op op, List<Tensor> inputs, Set<Integer> constants) {
    List<String> names = new ArrayList<>();
    List<Tensor> point = new ArrayList<>();
    for (int x = 0; x < inputs.size(); x++) {
      if (!constants.contains(x)) {
        names.add("x" + x);
        point.add(inputs.get(x));
      }
    }
    return new Subject(
        name,
        names,
        point,
        (tape, values) -> {
          List<Var> differentiated = new ArrayList<>();
          List<Var> x = new ArrayList<>();
          for (int i = 0; i < inputs.size(); i++) {
            if (constants.contains(i)) {
              x.add(tape.leaf("constant", inputs.get(i)));
            } else {
              Var leaf = tape.leaf("x" + i, values.get(differentiated.size()));
              differentiated.add(leaf);
              x.add(leaf);
            }
          }
          List<Var> outputs = tape.record(op, x);
          return new Recording(tape, differentiated, outputs, Kinks.distance(tape));
        });
  }

  /** What a mechanism defines, at the tensors of a case. */
  public static Subject of(Case one) {
    Map<String, Tensor> tensors = one.tensors();
    List<String> names =
        one.mechanism().tensors().stream()
            .filter(t -> t.kind() != TensorSpec.Kind.CHOICE && tensors.containsKey(t.name()))
            .map(TensorSpec::name)
            .toList();
    return new Subject(
        one.mechanism().id() + "/" + one.name(),
        names,
        names.stream().map(tensors::get).toList(),
        (tape, point) -> record(one, tape, tensors, names, point));
  }

  private static Recording record(
      Case one, Tape tape, Map<String, Tensor> tensors, List<String> names, List<Tensor> point) {
    Map<String, Tensor> moved = new LinkedHashMap<>(tensors);
    for (int x = 0; x < names.size(); x++) {
      moved.put(names.get(x), point.get(x));
    }
    Inputs inputs = Inputs.on(tape, one.mechanism(), moved);
    Answer answer = one.mechanism().define(tape, inputs);
    List<Var> outputs = new ArrayList<>(List.of(answer.out()));
    Var lse = answer.lse();
    if (lse != null) {
      outputs.add(lse);
    }
    double margin = Math.min(answer.margin(), Kinks.distance(tape));
    return new Recording(tape, names.stream().map(inputs::var).toList(), outputs, margin);
  }

  /** The gradient of {@code <w, this>} as a function of the same inputs. */
  Subject gradient(List<Tensor> w) {
    return new Subject(
        name,
        inputs,
        point,
        (tape, values) -> {
          Recording forward = meaning.record(tape, values);
          List<Var> gradients = forward.record(w, forward.inputs());
          return new Recording(tape, forward.inputs(), gradients, forward.margin());
        });
  }

  /** This function recorded at its point. */
  Recording record() {
    return meaning.record(new Tape(), point);
  }

  /** This function recorded at {@code point + t u}. */
  Recording record(double t, List<Tensor> u) {
    List<Tensor> moved = new ArrayList<>();
    for (int x = 0; x < point.size(); x++) {
      Tensor from = point.get(x);
      Tensor along = u.get(x);
      moved.add(Tensor.generate(from.shape(), p -> from.get(p) + t * along.get(p)));
    }
    return meaning.record(new Tape(), moved);
  }
}
