package dev.assay.mechanism.learned;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.assay.catalog.MechanismCatalog;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.TensorSpec;
import dev.assay.study.LeakAudit;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every case of every learned mechanism. */
class LearnedLawsTest {
  private static final Set<String> BY_TOKEN = Set.of("q", "k", "v", "d_out", "d_lse");

  static List<Arguments> cases() {
    return MechanismCatalog.all().stream()
        .filter(one -> one.getClass().getPackage().equals(LearnedLawsTest.class.getPackage()))
        .flatMap(mechanism -> mechanism.cases().stream())
        .filter(one -> !one.roles().equals(Set.of(Role.BENCH)))
        .map(one -> arguments(one.mechanism().id() + "/" + one.name(), one))
        .toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void a_causal_case_leaks_only_where_its_mechanism_says_so(String name, Case one) {
    Mechanism mechanism = one.mechanism();
    assertTrue(mechanism.causal() || mechanism.leak().isEmpty(), "only the causal can leak");
    Map<String, Tensor> tensors = new LinkedHashMap<>(one.tensors());
    Optional<LeakAudit> audit =
        mechanism.causal() ? LeakAudit.of(mechanism, tensors) : Optional.empty();
    if (audit.isPresent() && mechanism.leak().isEmpty()) {
      assertEquals(List.of(), audit.get().leaks());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void its_own_choices_given_back_give_the_same_bits(String name, Case one) {
    Map<String, Tensor> tensors = new LinkedHashMap<>(one.tensors());
    Evaluation first = Evaluation.define(one.mechanism(), tensors);
    tensors.putAll(first.answer().choices());
    Evaluation again = Evaluation.define(one.mechanism(), tensors);
    first
        .results()
        .forEach((tensor, x) -> Runs.assertSameBits(tensor, x, Runs.get(again.results(), tensor)));
    if (!first.answer().choices().isEmpty()) {
      assertFalse(first.answer().margin() < 0);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void what_lies_behind_the_lengths_reaches_nothing(String name, Case one) {
    Map<String, Tensor> tensors = new LinkedHashMap<>(one.tensors());
    int queries = Runs.get(tensors, "q").shape().extent(2);
    int batches = Runs.get(tensors, "q").shape().extent(0);
    if (queries < 3 || queries != Runs.get(tensors, "k").shape().extent(2)) {
      return;
    }
    int length = queries - 2;
    Tensor lengths = Tensor.full(Shape.of(batches), length);
    tensors.put("q_lens", lengths);
    tensors.put("k_lens", lengths);
    Map<String, Tensor> clean = Runs.define(one.mechanism(), tensors);
    tensors.replaceAll((tensor, x) -> BY_TOKEN.contains(tensor) ? poisoned(x, length) : x);
    Map<String, Tensor> found = Runs.define(one.mechanism(), tensors);
    clean.forEach((tensor, x) -> Runs.assertSameBits(tensor, x, Runs.get(found, tensor)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void a_batch_entry_does_not_depend_on_what_stands_behind_it(String name, Case one) {
    Map<String, Tensor> tensors = new LinkedHashMap<>(one.tensors());
    int batches = Runs.get(tensors, "q").shape().extent(0);
    Map<String, Tensor> alone = Runs.define(one.mechanism(), tensors);
    Map<String, Tensor> more = new LinkedHashMap<>(tensors);
    one.mechanism().tensors().stream()
        .filter(spec -> spec.shape().startsWith("[B"))
        .map(TensorSpec::name)
        .forEach(tensor -> more.computeIfPresent(tensor, (key, x) -> doubled(x, batches)));
    more.computeIfPresent("d_out", (key, x) -> doubled(x, batches));
    more.computeIfPresent("d_lse", (key, x) -> doubled(x, batches));
    Map<String, Tensor> found = Runs.define(one.mechanism(), more);
    for (String result : List.of("out", "lse", "dq", "dk", "dv")) {
      if (alone.containsKey(result)) {
        Tensor x = Runs.get(alone, result);
        Tensor both = Runs.get(found, result);
        Runs.assertSameBits(result, x, Tensor.generate(x.shape(), both::get));
      }
    }
  }

  /** The batch once more behind itself, with other numbers where there are numbers. */
  private static Tensor doubled(Tensor x, int batches) {
    if (x.shape().extent(0) != batches) {
      return x;
    }
    return Tensor.generate(
        x.shape().with(0, 2 * batches),
        p -> {
          double value = x.get(p % x.size());
          boolean whole = value == Math.rint(value) || Double.isNaN(value);
          return p < x.size() || whole ? value : 1.5 * value - 0.25;
        });
  }

  private static Tensor poisoned(Tensor x, int length) {
    return Tensor.generate(x.shape(), p -> x.shape().index(p)[2] < length ? x.get(p) : Double.NaN);
  }
}
