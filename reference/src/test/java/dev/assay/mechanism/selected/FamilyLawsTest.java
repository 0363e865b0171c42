package dev.assay.mechanism.selected;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.assay.catalog.Results;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.TensorSpec;
import dev.assay.mechanism.TensorSpec.Kind;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every case of the family, bit by bit. Axes are known by their names. */
class FamilyLawsTest {
  static List<Arguments> cases() {
    return Stream.of(
            Moba.class,
            NativeSparseAttention.class,
            SeerAttention.class,
            SeerAttentionR.class,
            DeepseekSparseAttention.class)
        .<Mechanism>map(Settings::defaults)
        .flatMap(mechanism -> mechanism.cases().stream())
        .filter(one -> !one.roles().contains(Role.BENCH))
        .map(one -> arguments(one.mechanism().id() + "/" + one.name(), one))
        .toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void a_batch_entry_does_not_feel_another(String name, Case one) {
    Map<String, Tensor> alone = one.tensors();
    Map<String, Tensor> together = new HashMap<>();
    alone.forEach(
        (tensor, x) -> {
          boolean batched = hasBatch(one.mechanism(), tensor);
          boolean number = !isChoice(one.mechanism(), tensor);
          together.put(tensor, batched ? doubled(x, number ? -0.5 : 1) : x);
        });
    Map<String, Tensor> expected = Evaluation.define(one.mechanism(), alone).results();
    Map<String, Tensor> found = Evaluation.define(one.mechanism(), together).results();
    int compared = 0;
    for (String result : expected.keySet()) {
      Tensor x = Results.get(expected, result);
      Tensor y = Results.get(found, result);
      if (y.size() == 2 * x.size() && !result.startsWith("d_")) {
        Results.assertSameBits(result, x, Tensor.generate(x.shape(), y::get));
        compared++;
      }
    }
    assertTrue(compared >= 4, "out, dq, dk and dv are there");
  }

  private static Tensor doubled(Tensor x, double factor) {
    Shape shape = x.shape().with(0, 2 * x.shape().extent(0));
    int size = x.size();
    return Tensor.generate(shape, p -> p < size ? x.get(p) : factor * x.get(p - size));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void turning_heads_turns_the_results(String name, Case one) {
    Map<String, Tensor> tensors = one.tensors();
    int group =
        Results.get(tensors, "q").shape().extent(1) / Results.get(tensors, "k").shape().extent(1);
    Map<String, Tensor> turned = new HashMap<>();
    tensors.forEach((tensor, x) -> turned.put(tensor, turn(one.mechanism(), tensor, x, group)));
    Map<String, Tensor> expected = Evaluation.define(one.mechanism(), tensors).results();
    Map<String, Tensor> found = Evaluation.define(one.mechanism(), turned).results();
    expected.forEach(
        (result, x) -> {
          Tensor y = turn(one.mechanism(), result, x, group);
          if (sumsOverHeads(one.mechanism(), result)) {
            Results.assertClose(result, y, Results.get(found, result), Checked.ROUNDING);
          } else {
            Results.assertSameBits(result, y, Results.get(found, result));
          }
        });
  }

  /** The perceptron of phi is shared by all heads. */
  private static boolean sumsOverHeads(Mechanism mechanism, String result) {
    return mechanism instanceof NativeSparseAttention nsa
        && nsa.phi() == NativeSparseAttention.Phi.MLP
        && result.startsWith("d_phi");
  }

  /** Moves each group of heads one place on, along the axes that are called H or H_kv. */
  private static Tensor turn(Mechanism mechanism, String name, Tensor x, int group) {
    String[] axes = axes(mechanism, name);
    for (int axis = 0; axis < axes.length; axis++) {
      boolean query = axes[axis].matches("H(\\|.*)?");
      boolean key = axes[axis].matches("H_kv(\\|.*)?");
      int extent = x.shape().extent(axis);
      if ((query || key) && extent > 1) {
        // A matrix for each head of queries or of keys tells by its extent which it is.
        boolean perQuery = query && !(axes[axis].equals("H|H_kv") && isKeys(mechanism, extent));
        return turned(x, axis, perQuery ? group : 1);
      }
    }
    return x;
  }

  private static boolean isKeys(Mechanism mechanism, int extent) {
    return mechanism instanceof SeerAttention seer
        && seer.queryPool() == GatePool.MAX_MIN
        && extent == 2;
  }

  private static Tensor turned(Tensor x, int axis, int by) {
    int extent = x.shape().extent(axis);
    return Tensor.generate(
        x.shape(),
        p -> {
          int[] from = x.shape().index(p);
          from[axis] = (from[axis] + extent - by) % extent;
          return x.at(from);
        });
  }

  private static boolean isChoice(Mechanism mechanism, String name) {
    return mechanism.tensors().stream()
        .anyMatch(spec -> spec.name().equals(name) && spec.kind() == Kind.CHOICE);
  }

  private static boolean hasBatch(Mechanism mechanism, String name) {
    String[] axes = axes(mechanism, name);
    return axes.length > 0 && axes[0].startsWith("B");
  }

  /** Names of the axes of a tensor, a result or a gradient; none if they are not known. */
  private static String[] axes(Mechanism mechanism, String name) {
    if (List.of("out", "d_out", "lse", "d_lse").contains(name)) {
      return new String[] {"B", "H"};
    }
    for (TensorSpec spec : mechanism.tensors()) {
      if (spec.name().equals(name) || spec.gradient().equals(name)) {
        boolean shared =
            mechanism instanceof NativeSparseAttention nsa
                && nsa.phi() == NativeSparseAttention.Phi.MLP
                && name.contains("phi");
        String first = spec.shape().split("]", -1)[0];
        return shared ? new String[0] : first.replaceAll("[\\[\\] ]", "").split(",", -1);
      }
    }
    return new String[0];
  }
}
