package dev.assay.gradcheck.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.gradcheck.guess.Failure;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.verdict.CaseVerdict;
import dev.assay.gradcheck.verdict.Status;
import dev.assay.gradcheck.verdict.TensorVerdict;
import dev.assay.mechanism.Evaluation;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Eight faults, each planted in a copy of right results, each found, located and named. */
class PlantedFaultsTest {
  /** 4 query heads over 2 key heads, 24 queries, 32 keys, causal with offset 8, all gradients. */
  private static final String CASE = "grad/grouped-heads";

  @TempDir private Path folder;

  private final Map<String, Tensor> results = HandedIn.right(CASE);

  private CaseVerdict verdict() throws IOException {
    var run = new HandedIn(folder, PrecisionClass.F32_FLASH).put(CASE, results).verify(CASE);
    return run.subjects().getFirst().cases().getFirst();
  }

  /** The only tensors that fail are these; the first of them fails first at this index. */
  private TensorVerdict found(List<String> tensors, int... first) throws IOException {
    CaseVerdict verdict = verdict();
    List<String> failing =
        verdict.tensors().stream().filter(t -> !t.passes()).map(TensorVerdict::tensor).toList();
    assertEquals(tensors, failing);
    TensorVerdict tensor =
        verdict.tensors().stream().filter(t -> !t.passes()).findFirst().orElseThrow();
    Failure failure = Objects.requireNonNull(tensor.failure());
    int position = failure.compared().failures()[0];
    assertEquals(
        Arrays.toString(first),
        Arrays.toString(failure.compared().golden().shape().index(position)));
    return tensor;
  }

  private void spoil(String tensor, HandedIn.Change change) {
    results.put(tensor, HandedIn.changed(Objects.requireNonNull(results.get(tensor)), change));
  }

  private static void looksLike(String expected, TensorVerdict tensor) {
    assertTrue(
        tensor.guesses().stream().anyMatch(guess -> guess.contains(expected)),
        () -> "no guess says '" + expected + "': " + tensor.guesses());
  }

  /** Replaces the results by those of the same case with one input changed. */
  private void recompute(String input, Tensor value) {
    GoldenCase golden = HandedIn.SUITE.find(CASE);
    Map<String, Tensor> inputs = new LinkedHashMap<>(golden.inputs());
    inputs.put(input, value);
    results.putAll(Evaluation.define(golden.mechanism(), inputs).results());
  }

  @Test
  void right_results_are_no_failure() throws IOException {
    assertEquals(Status.PASSED, verdict().status());
  }

  @Test
  void a_row_copied_from_its_neighbour() throws IOException {
    Tensor out = Objects.requireNonNull(results.get("out"));
    spoil("out", (at, x) -> at[1] == 2 && at[2] == 7 ? out.at(0, 2, 6, at[3]) : x);
    looksLike("row q 7 equals row q 6: row copied?", found(List.of("out"), 0, 2, 7, 0));
  }

  @Test
  void a_scaled_head() throws IOException {
    spoil("out", (at, x) -> at[1] == 3 ? 1.05 * x : x);
    looksLike("head 3 is scaled by a constant 1.0500", found(List.of("out"), 0, 3, 0, 0));
  }

  @Test
  void a_lost_key() throws IOException {
    GoldenCase golden = HandedIn.SUITE.find(CASE);
    Map<String, Tensor> inputs = new LinkedHashMap<>(golden.inputs());
    Shape pairs = Shape.of(1, 4, 24, 32);
    inputs.put(
        "mask",
        Tensor.generate(
            pairs, p -> Arrays.equals(pairs.index(p), new int[] {0, 1, 20, 5}) ? 0 : 1));
    Tensor without = Evaluation.define(golden.mechanism(), inputs).answer().out().value();
    results.put("out", without);
    looksLike("key 5 is lost in row (b 0, h 1, q 20)", found(List.of("out"), 0, 1, 20, 0));
  }

  @Test
  void a_scale_half_a_percent_off() throws IOException {
    Tensor q = Objects.requireNonNull(HandedIn.SUITE.find(CASE).inputs().get("q"));
    recompute("q", HandedIn.changed(q, (at, x) -> 1.005 * x));
    spoil("dq", (at, x) -> 1.005 * x);
    TensorVerdict out = found(List.of("out", "lse", "dq", "dk", "dv"), 0, 0, 0, 0);
    looksLike("the scale times 1.0050", out);
  }

  @Test
  void a_wrong_head_map() throws IOException {
    for (String name : List.of("k", "v")) {
      GoldenCase golden = HandedIn.SUITE.find(CASE);
      Tensor keys = Objects.requireNonNull(golden.inputs().get(name));
      assertEquals(2, keys.shape().extent(1));
    }
    Map<String, Tensor> inputs = new LinkedHashMap<>(HandedIn.SUITE.find(CASE).inputs());
    inputs.replaceAll((name, x) -> name.equals("k") || name.equals("v") ? tiled(x) : x);
    Evaluation wrong = Evaluation.define(HandedIn.SUITE.find(CASE).mechanism(), inputs);
    results.put("out", wrong.answer().out().value());
    looksLike("head map h % H_kv", found(List.of("out"), 0, 1, 0, 0));
  }

  /** Key head h % 2 for each of four query heads. */
  private static Tensor tiled(Tensor keys) {
    Shape shape = keys.shape().with(1, 4);
    return Tensor.generate(
        shape,
        p -> {
          int[] at = shape.index(p);
          return keys.at(at[0], at[1] % 2, at[2], at[3]);
        });
  }

  @Test
  void a_lost_value_gradient_of_the_last_key() throws IOException {
    spoil("dv", (at, x) -> at[2] == 31 ? 0 : x);
    looksLike("dv of the last key (31) is zero", found(List.of("dv"), 0, 0, 31, 0));
  }

  @Test
  void a_causal_frontier_off_by_one() throws IOException {
    recompute("offset", Tensor.generate(Shape.of(1), p -> 9));
    TensorVerdict out = found(List.of("out", "lse", "dq", "dk", "dv"), 0, 0, 0, 0);
    looksLike("the causal frontier moved by one", out);
  }

  @Test
  void a_row_of_nan() throws IOException {
    spoil("out", (at, x) -> at[1] == 0 && at[2] == 11 ? Double.NaN : x);
    looksLike("row (b 0, h 0, q 11) is all NaN", found(List.of("out"), 0, 0, 11, 0));
  }
}
