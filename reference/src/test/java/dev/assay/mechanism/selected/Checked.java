package dev.assay.mechanism.selected;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.catalog.LawSubject;
import dev.assay.catalog.Results;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Mechanism;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import dev.assay.tensor.Tolerance;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the tests of this family ask of every mechanism in it. */
final class Checked {
  /** Sums of the same terms in another order. */
  static final Tolerance ROUNDING =
      new Tolerance(1e-14, 1e-13, "the same terms, in another association");

  /** The recorded numbers have ten decimals. */
  static final double PRINTED = 1e-10;

  private Checked() {}

  static Map<String, Tensor> define(Mechanism mechanism, Map<String, Tensor> tensors) {
    return Evaluation.define(mechanism, tensors).results();
  }

  static Tensor out(Mechanism mechanism, Map<String, Tensor> tensors) {
    return Results.get(define(mechanism, tensors), "out");
  }

  static double[] idx(Mechanism mechanism, Map<String, Tensor> tensors) {
    return Results.get(define(mechanism, tensors), "idx").toDoubles();
  }

  /** q, k, v and their cotangents for self-attention. */
  static Map<String, Tensor> tensors(int heads, int kvHeads, int n, int depth) {
    Map<String, Tensor> tensors = new HashMap<>();
    for (String name : List.of("q", "k", "v", "d_out")) {
      boolean perQueryHead = name.equals("q") || name.equals("d_out");
      int count = perQueryHead ? heads : kvHeads;
      tensors.put(name, LawSubject.draw(name, Shape.of(1, count, n, depth)));
    }
    tensors.put("d_lse", LawSubject.draw("d_lse", Shape.of(1, heads, n)));
    return tensors;
  }

  /** The choice that was made, given back, changes no result. */
  static void assertGivenBackIsTheSame(
      Mechanism mechanism, Map<String, Tensor> tensors, String... choices) {
    Map<String, Tensor> chosen = define(mechanism, tensors);
    Map<String, Tensor> given = new HashMap<>(tensors);
    for (String choice : choices) {
      given.put(choice, Results.get(chosen, choice));
    }
    Evaluation again = Evaluation.define(mechanism, given);
    assertEquals(Double.POSITIVE_INFINITY, again.answer().margin());
    Map<String, Tensor> results = again.results();
    assertEquals(chosen.keySet(), results.keySet());
    chosen.forEach((name, x) -> Results.assertSameBits(name, x, Results.get(results, name)));
  }

  /** Changing token t of these tensors leaves earlier rows and their choices as they were. */
  static void assertBlindToFuture(
      Mechanism mechanism, Map<String, Tensor> tensors, int t, String... changed) {
    Map<String, Tensor> before = define(mechanism, tensors);
    Map<String, Tensor> other = new HashMap<>(tensors);
    for (String name : changed) {
      Tensor x = Results.get(tensors, name);
      other.put(
          name,
          Tensor.generate(x.shape(), p -> x.shape().index(p)[2] < t ? x.get(p) : 5 - 3 * x.get(p)));
    }
    Map<String, Tensor> after = define(mechanism, other);
    for (String name : List.of("out", "lse", "idx")) {
      if (before.containsKey(name)) {
        Results.assertSameBits(
            name, rows(Results.get(before, name), t), rows(Results.get(after, name), t));
      }
    }
  }

  private static Tensor rows(Tensor x, int end) {
    Shape shape = x.shape().with(2, end);
    return Tensor.generate(shape, p -> x.at(shape.index(p)));
  }

  static void assertRefused(String rule, Mechanism mechanism, Map<String, Tensor> tensors) {
    var refusal =
        assertThrows(IllegalArgumentException.class, () -> define(mechanism, tensors), rule);
    assertTrue(refusal.toString().contains(rule), refusal.toString());
  }

  /** Some of the results agree with those of another mechanism. */
  static void assertSame(
      Map<String, Tensor> expected, Map<String, Tensor> actual, String... names) {
    for (String name : names) {
      Results.assertClose(name, Results.get(expected, name), Results.get(actual, name), ROUNDING);
    }
  }

  static void assertList(Tensor idx, double[] expected, int b, int g, int row) {
    double[] list = new double[idx.shape().extent(3)];
    for (int e = 0; e < list.length; e++) {
      list[e] = idx.at(b, g, row, e);
    }
    assertArrayEquals(expected, list);
  }
}
