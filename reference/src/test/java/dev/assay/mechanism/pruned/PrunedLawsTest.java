package dev.assay.mechanism.pruned;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.assay.catalog.Results;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every mechanism of this family, bit by bit. */
class PrunedLawsTest {
  private static final int N = 9;
  private static final List<String> BY_TOKEN = List.of("q", "k", "v", "d_out", "d_lse");

  /** Selections that look at no later token. */
  static Stream<Arguments> blind() {
    return Stream.of(
        subject(Quest.class, "page=2", "budget=4", "minPages=1"),
        subject(Quest.class, "page=2", "budget=4", "minPages=1", "reading=LITERAL"),
        subject(H2o.class, "prompt=3", "heavy=2", "recent=2"),
        subject(H2o.class, "prompt=3", "heavy=2", "recent=1", "norm=true", "decay=0.7"),
        subject(Psa.class, "block=2", "epsilon=0.3"),
        subject(Psa.class, "block=2", "epsilon=0.3", "rest=ESTIMATE"),
        subject(Psa.class, "block=2", "reading=LITERAL", "threshold=0.6"));
  }

  /** All of them. */
  static Stream<Arguments> all() {
    return Stream.concat(
        blind(),
        Stream.of(
            subject(SpargeAttention.class, "blockQ=4", "blockK=2", "simThreshold=0.2", "cdf=0.6"),
            subject(
                SpargeAttention.class,
                "blockQ=4",
                "blockK=2",
                "simThreshold=-1",
                "topk=0.7",
                "pv=2",
                "warpRows=2",
                "causal=true"),
            subject(AdaSpa.class, "block=2", "sparsity=0.6", "adaptive=false"),
            subject(AdaSpa.class, "block=2", "sparsity=0.5", "recallBar=0.7", "textTokens=1"),
            subject(AdaSpa.class, "block=2", "reading=LITERAL", "causal=true"),
            subject(FlexPrefill.class, "block=2", "gamma=0.6", "tau=0", "minBudget=0"),
            subject(FlexPrefill.class, "block=2", "gamma=0.55", "tau=0.3", "minBudget=2"),
            subject(FlexPrefill.class, "block=2", "gamma=0.7", "minBudget=2", "reading=LITERAL"),
            subject(MInference.class, SMALL, "vertical=2", "slash=2"),
            subject(MInference.class, SMALL, "vertical=2", "slash=2", "reading=LITERAL"),
            subject(MInference.class, SMALL, "pattern=BLOCK_SPARSE", "topBlocks=2")));
  }

  /** The sizes of a {@link MInference} that fit a few tokens. */
  private static final String SMALL =
      "block=2;probe=2;firstColumns=1;nearDiagonals=1;minSlash=1;init=1;local=2";

  private static Arguments subject(Class<? extends Mechanism> type, String... settings) {
    Mechanism mechanism =
        Settings.make(type, Settings.parse(List.of(String.join(";", settings).split(";"))));
    return arguments(mechanism.id() + " " + List.of(settings), mechanism);
  }

  private static Map<String, Tensor> tensors() {
    return Trials.tensors(2, 3, 3, N, N, 4);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("all")
  void choices_that_are_given_back_give_the_same_bits(String name, Mechanism mechanism) {
    Map<String, Tensor> tensors = tensors();
    Map<String, Tensor> chosen = Trials.define(mechanism, tensors);
    tensors.putAll(Trials.answer(mechanism, tensors).choices());
    assertSame(chosen, Trials.define(mechanism, tensors));
  }

  private static void assertSame(Map<String, Tensor> expected, Map<String, Tensor> found) {
    assertEquals(expected.keySet(), found.keySet());
    expected.forEach((name, x) -> Results.assertSameBits(name, x, Results.get(found, name)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("all")
  void exchanging_batch_entries_exchanges_the_results(String name, Mechanism mechanism) {
    assertTurns(mechanism, 0);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("all")
  void rotating_heads_rotates_the_results(String name, Mechanism mechanism) {
    assertTurns(mechanism, 1);
  }

  /** Every tensor by batch entry or head turns along; all results have both axes. */
  private static void assertTurns(Mechanism mechanism, int axis) {
    Map<String, Tensor> tensors = tensors();
    Map<String, Tensor> expected = new HashMap<>(Trials.define(mechanism, tensors));
    tensors.replaceAll((tensor, x) -> turn(x, axis));
    expected.replaceAll((tensor, x) -> turn(x, axis));
    assertSame(expected, Trials.define(mechanism, tensors));
  }

  private static Tensor turn(Tensor x, int axis) {
    int extent = x.shape().extent(axis);
    return Tensor.generate(
        x.shape(),
        p -> {
          int[] from = x.shape().index(p);
          from[axis] = (from[axis] + extent - 1) % extent;
          return x.at(from);
        });
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("blind")
  void the_past_never_sees_the_future(String name, Mechanism mechanism) {
    Map<String, Tensor> tensors = tensors();
    Map<String, Tensor> before = Trials.define(mechanism, tensors);
    for (int split = 1; split < N; split++) {
      int from = split;
      Map<String, Tensor> other = new HashMap<>(tensors);
      other.replaceAll(
          (tensor, x) ->
              Tensor.generate(
                  x.shape(), p -> x.shape().index(p)[2] < from ? x.get(p) : 3 - 2 * x.get(p)));
      Map<String, Tensor> after = Trials.define(mechanism, other);
      for (String result : List.of("out", "lse")) {
        Results.assertSameBits(
            result,
            rows(Results.get(before, result), split),
            rows(Results.get(after, result), split));
      }
    }
  }

  private static Tensor rows(Tensor x, int end) {
    Shape shape = x.shape().with(2, end);
    return Tensor.generate(shape, p -> x.at(shape.index(p)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("all")
  void what_lies_behind_the_lengths_reaches_nothing(String name, Mechanism mechanism) {
    Map<String, Tensor> tensors = tensors();
    int[] lengths = {5, 8};
    tensors.put("q_lens", Tensor.of(Shape.of(2), 5, 8));
    tensors.put("k_lens", Tensor.of(Shape.of(2), 5, 8));
    Map<String, Tensor> before = Trials.define(mechanism, tensors);
    tensors.replaceAll((tensor, x) -> BY_TOKEN.contains(tensor) ? poisoned(x, lengths) : x);
    assertSame(before, Trials.define(mechanism, tensors));
  }

  private static Tensor poisoned(Tensor x, int[] lengths) {
    return Tensor.generate(
        x.shape(),
        p -> {
          int[] at = x.shape().index(p);
          return at[2] < lengths[at[0]] ? x.get(p) : Double.NaN;
        });
  }
}
