package dev.assay.engine;

import static dev.assay.engine.Agreement.assertSameBits;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.DensePlan;
import dev.assay.plan.Forward;
import dev.assay.plan.Gradients;
import dev.assay.plan.Paging;
import dev.assay.plan.Ragged;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Where keys and sequences lie in memory changes no bit. */
class ScalarLayoutTest {
  private static final Draws DRAWS = new Draws(18);
  private static final DensePlan DENSE = new DensePlan();

  private final Engine scalar = new ScalarEngine();

  /** Pages of two keys for one batch entry; page p of the sequence lies at order[p]. */
  private static Tensor pool(Tensor keys, int[] order) {
    double[] pool = new double[keys.size()];
    for (int page = 0; page < order.length; page++) {
      for (int e = 0; e < 4; e++) {
        pool[order[page] * 4 + e] = keys.get(page * 4 + e);
      }
    }
    return Tensor.adopt(Shape.of(order.length, 1, 2, 2), pool);
  }

  private static AttentionProblem paged(int... order) {
    Tensor k = DRAWS.bell(2, 1, 1, 6, 2);
    Tensor v = DRAWS.bell(3, 1, 1, 6, 2);
    return AttentionProblem.of(DRAWS.bell(1, 1, 2, 6, 2), pool(k, order), pool(v, order))
        .paging(new Paging(new int[][] {order}, 2))
        .keyLengths(5)
        .queryLengths(5)
        .causal(true)
        .build();
  }

  @Test
  void shuffled_pages_give_the_bits_of_keys_in_order() {
    AttentionProblem inOrder =
        AttentionProblem.of(
                DRAWS.bell(1, 1, 2, 6, 2), DRAWS.bell(2, 1, 1, 6, 2), DRAWS.bell(3, 1, 1, 6, 2))
            .keyLengths(5)
            .queryLengths(5)
            .causal(true)
            .build();
    Forward expected = scalar.forward(inOrder, DENSE);
    for (int[] order : new int[][] {{0, 1, 2}, {2, 0, 1}, {1, 2, 0}}) {
      Forward actual = scalar.forward(paged(order), DENSE);
      assertSameBits(expected.out(), actual.out());
      assertSameBits(expected.lse(), actual.lse());
    }
  }

  @Test
  void gradients_of_pages_lie_where_the_pages_lie() {
    Tensor dOut = DRAWS.bell(4, 1, 2, 6, 2);
    AttentionProblem straight = paged(0, 1, 2);
    AttentionProblem turned = paged(2, 0, 1);
    Gradients expected =
        scalar.backward(straight, DENSE, scalar.forward(straight, DENSE), dOut, null);
    Gradients actual = scalar.backward(turned, DENSE, scalar.forward(turned, DENSE), dOut, null);
    assertSameBits(expected.get("dq"), actual.get("dq"));
    assertSameBits(pool(expected.get("dk"), new int[] {2, 0, 1}), actual.get("dk"));
    assertSameBits(pool(expected.get("dv"), new int[] {2, 0, 1}), actual.get("dv"));
  }

  @Test
  void packed_sequences_give_the_bits_of_each_alone() {
    int[] cuQueries = {0, 3, 3, 4, 6};
    int[] cuKeys = {0, 2, 5, 5, 8};
    Tensor q = DRAWS.bell(1, 1, 1, 6, 2);
    Tensor k = DRAWS.bell(2, 1, 1, 8, 2);
    Tensor v = DRAWS.bell(3, 1, 1, 8, 2);
    Forward packed =
        scalar.forward(
            AttentionProblem.of(q, k, v).causal(true).ragged(new Ragged(cuQueries, cuKeys)).build(),
            DENSE);
    for (int s = 0; s < 4; s++) {
      AttentionProblem alone =
          AttentionProblem.of(
                  rows(q, cuQueries[s], cuQueries[s + 1]),
                  rows(k, cuKeys[s], cuKeys[s + 1]),
                  rows(v, cuKeys[s], cuKeys[s + 1]))
              .causal(true)
              .build();
      assertSameBits(
          scalar.forward(alone, DENSE).out(), rows(packed.out(), cuQueries[s], cuQueries[s + 1]));
    }
    assertNotNull(packed.lse());
    assertEquals(Double.NEGATIVE_INFINITY, packed.lse().get(3), "sequence 2 has no keys");
  }

  @Test
  void a_sequence_does_not_notice_its_neighbours_in_the_batch() {
    Tensor q = DRAWS.bell(1, 2, 1, 4, 2);
    Tensor k = DRAWS.bell(2, 2, 1, 4, 2);
    AttentionProblem both = AttentionProblem.of(q, k, k).causal(true).keyLengths(4, 2).build();
    AttentionProblem first = AttentionProblem.of(entry(q), entry(k), entry(k)).causal(true).build();
    assertSameBits(scalar.forward(first, DENSE).out(), entry(scalar.forward(both, DENSE).out()));
  }

  @Test
  void nothing_in_gives_nothing_out() {
    Tensor none = Tensor.zeros(Shape.of(1, 2, 0, 3));
    AttentionProblem empty = AttentionProblem.of(none, none, none).causal(true).build();
    Forward forward = scalar.forward(empty, DENSE);
    assertEquals(Shape.of(1, 2, 0, 3), forward.out().shape());
    Gradients gradients = scalar.backward(empty, DENSE, forward, none, null);
    assertEquals(0, gradients.get("dk").size());
  }

  @Test
  void queries_without_any_key_give_empty_rows() {
    Tensor none = Tensor.zeros(Shape.of(1, 1, 0, 3));
    AttentionProblem keyless = AttentionProblem.of(DRAWS.bell(1, 1, 1, 2, 3), none, none).build();
    Forward forward = scalar.forward(keyless, DENSE);
    assertSameBits(Tensor.zeros(Shape.of(1, 1, 2, 3)), forward.out());
    assertSameBits(Tensor.full(Shape.of(1, 1, 2), Double.NEGATIVE_INFINITY), forward.lse());
  }

  private static Tensor rows(Tensor tensor, int from, int to) {
    int width = tensor.shape().extent(3);
    return Tensor.generate(Shape.of(1, 1, to - from, width), p -> tensor.get(from * width + p));
  }

  private static Tensor entry(Tensor tensor) {
    return Tensor.generate(tensor.shape().with(0, 1), tensor::get);
  }
}
