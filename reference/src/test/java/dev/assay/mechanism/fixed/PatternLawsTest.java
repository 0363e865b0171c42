package dev.assay.mechanism.fixed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.assay.engine.ScalarEngine;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for all patterns that are known before the input, bit by bit. */
class PatternLawsTest {
  private static final int N = 9;

  private static List<Class<? extends Mechanism>> types() {
    return List.of(
        SparseTransformer.class,
        Longformer.class,
        BigBird.class,
        BlockLocal.class,
        DeepSpeedLayout.class,
        S2Attention.class);
  }

  private static Stream<Case> cases() {
    return types().stream()
        .flatMap(type -> Settings.defaults(type).cases().stream())
        .filter(one -> !one.roles().equals(Set.of(Role.BENCH)));
  }

  static List<Arguments> oneSoftmaxOfASet() {
    return cases()
        .filter(
            one ->
                switch (one.mechanism()) {
                  case BigBird bird -> bird.reading() == BigBird.Reading.SET;
                  case BlockLocal local ->
                      local.rope() == BlockLocal.Rope.NONE && !local.sharedQk();
                  case Longformer longformer -> !one.given().containsKey("global");
                  default -> true;
                })
        .map(one -> arguments(one.mechanism().id() + "/" + one.name(), one))
        .toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("oneSoftmaxOfASet")
  void it_is_dense_attention_under_the_mask_of_its_pairs(String name, Case one) {
    Map<String, Tensor> tensors = one.tensors();
    Evaluation own = Evaluation.define(one.mechanism(), tensors);
    Mechanism.Rules rules = one.mechanism().rules(own.inputs());
    Map<String, Tensor> masked = new HashMap<>(tensors);
    masked.keySet().removeAll(Set.of("q_lens", "k_lens", "offset"));
    Shape pairs =
        Patterns.get(own.results(), "out")
            .shape()
            .with(3, Patterns.get(tensors, "k").shape().extent(2));
    masked.put(
        "mask",
        KeepMask.where(
            pairs, x -> !rules.of(x[0], x[1], x[2], x[3]).equals(Mechanism.NOT_ATTENDED)));
    Map<String, String> numbers = new HashMap<>(Settings.of(one.mechanism()));
    numbers.keySet().retainAll(Set.of("scale"));
    Patterns.define(Settings.make(Dense.class, numbers), masked)
        .forEach(
            (result, x) -> Patterns.assertSameBits(result, x, Patterns.get(own.results(), result)));
  }

  static List<Mechanism> subjects() {
    return Stream.concat(
            blind().stream(),
            Stream.of(
                Patterns.make(SparseTransformer.class, "clsToken=true", "stride=3"),
                Patterns.make(Longformer.class, "window=2"),
                Patterns.make(BigBird.class, "block=1", "reading=MULTISET", "draw=ZEROS"),
                Patterns.make(BlockLocal.class, "block=2", "rope=END_OF_CONTEXT"),
                Patterns.make(BlockLocal.class, "block=2", "sharedQk=true"),
                Patterns.make(DeepSpeedLayout.class, "block=1", "layout=BIGBIRD"),
                Patterns.make(S2Attention.class, "block=1", "causal=false")))
        .toList();
  }

  /** Those that never look ahead. */
  static List<Mechanism> blind() {
    return List.of(
        Patterns.make(SparseTransformer.class, "stride=3"),
        Patterns.make(SparseTransformer.class, "pattern=FIXED", "stride=3", "combination=HEADS"),
        Patterns.make(Longformer.class, "causal=true", "dilation=2"),
        Patterns.make(BigBird.class, "block=1", "causal=true"),
        Patterns.make(BlockLocal.class, "block=2", "causal=true", "rope=END_OF_CONTEXT"),
        Patterns.make(BlockLocal.class, "block=2", "causal=true", "exactWindow=true"),
        Patterns.make(DeepSpeedLayout.class, "block=1", "unidirectional=true", "numGlobalBlocks=2"),
        Patterns.make(
            DeepSpeedLayout.class,
            "block=2",
            "layout=VARIABLE",
            "unidirectional=true",
            "numRandomBlocks=2"),
        Patterns.make(S2Attention.class, "block=2", "localBlocks=1"));
  }

  private static Map<String, Tensor> tensors(Mechanism mechanism) {
    Map<String, Tensor> tensors = Patterns.tensors(2, 2, 2, N, N);
    if (mechanism instanceof Longformer) {
      tensors.put("global", KeepMask.where(Shape.of(1, N), x -> x[1] == 1));
    }
    return tensors;
  }

  @ParameterizedTest
  @MethodSource("blind")
  void the_past_never_sees_the_future(Mechanism mechanism) {
    Map<String, Tensor> tensors = tensors(mechanism);
    Map<String, Tensor> before = Patterns.define(mechanism, tensors);
    for (String name : List.of("q", "k", "v")) {
      tensors.computeIfPresent(
          name,
          (key, x) ->
              Tensor.generate(
                  x.shape(), p -> x.shape().index(p)[2] < 4 ? x.get(p) : 3 - 2 * x.get(p)));
    }
    Map<String, Tensor> after = Patterns.define(mechanism, tensors);
    for (String name : List.of("out", "lse")) {
      Tensor x = Patterns.get(before, name);
      for (int p = 0; p < x.size(); p++) {
        if (x.shape().index(p)[2] < 4) {
          assertEquals(x.get(p), Patterns.get(after, name).get(p), name);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void exchanging_batch_entries_exchanges_the_results(Mechanism mechanism) {
    Map<String, Tensor> tensors = tensors(mechanism);
    Map<String, Tensor> before = Patterns.define(mechanism, tensors);
    tensors.replaceAll((name, x) -> exchanged(x));
    Map<String, Tensor> after = Patterns.define(mechanism, tensors);
    before.forEach(
        (name, x) -> Patterns.assertSameBits(name, exchanged(x), Patterns.get(after, name)));
  }

  private static Tensor exchanged(Tensor x) {
    int batches = x.shape().extent(0);
    int size = x.size() / batches;
    return batches == 2 && x.shape().rank() >= 3 && x.shape().extent(2) == N
        ? Tensor.generate(x.shape(), p -> x.get((p + size) % (2 * size)))
        : x;
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void what_lies_behind_the_lengths_reaches_nothing(Mechanism mechanism) {
    Map<String, Tensor> tensors = tensors(mechanism);
    int[] lengths = {5, N};
    Tensor given = Tensor.of(Shape.of(2), 5, N);
    tensors.put("q_lens", given);
    tensors.put("k_lens", given);
    Map<String, Tensor> before = Patterns.define(mechanism, tensors);
    for (String name : List.of("q", "k", "v", "d_out", "d_lse")) {
      tensors.computeIfPresent(
          name,
          (key, x) ->
              Tensor.generate(
                  x.shape(),
                  p -> {
                    int[] at = x.shape().index(p);
                    return at[2] < lengths[at[0]] ? x.get(p) : Double.NaN;
                  }));
    }
    Map<String, Tensor> after = Patterns.define(mechanism, tensors);
    before.forEach((name, x) -> Patterns.assertSameBits(name, x, Patterns.get(after, name)));
    assertEquals(0, Patterns.get(after, "out").at(0, 1, 6, 2));
    assertEquals(0, Patterns.get(after, "dk").at(0, 1, 6, 2));
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void lists_for_engines_and_rules_for_ops_agree_at_every_length(Mechanism mechanism) {
    for (int n = 1; n <= 13; n++) {
      Map<String, Tensor> tensors = Patterns.tensors(1, 4, 2, n, n);
      int last = n - 1;
      if (mechanism instanceof Longformer) {
        tensors.put("global", KeepMask.where(Shape.of(1, n), x -> x[1] == last / 2));
      }
      assertEnginesAgree(mechanism, tensors);
    }
  }

  static List<Mechanism> cachedSubjects() {
    return subjects().stream()
        .filter(
            mechanism ->
                mechanism.tensors().stream().anyMatch(spec -> spec.name().equals("offset")))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("cachedSubjects")
  void they_agree_wherever_queries_stand(Mechanism mechanism) {
    for (int offset = -3; offset <= 9; offset++) {
      Map<String, Tensor> tensors = Patterns.tensors(2, 2, 1, 4, 7);
      tensors.put("offset", Tensor.of(Shape.of(2), offset, 3));
      assertEnginesAgree(mechanism, tensors);
    }
  }

  private static void assertEnginesAgree(Mechanism mechanism, Map<String, Tensor> tensors) {
    Map<String, Tensor> lowered =
        Evaluation.lower(mechanism, tensors, new ScalarEngine()).results();
    Patterns.define(mechanism, tensors)
        .forEach(
            (name, x) -> {
              for (int p = 0; p < x.size(); p++) {
                double other = Patterns.get(lowered, name).get(p);
                assertEquals(x.get(p), other, 1e-13, "sums of fewer than 32 terms of size 1");
              }
            });
  }
}
