package dev.assay.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.mechanism.hashed.Reformer;
import dev.assay.nn.ReversibleBlock.Recorded;
import dev.assay.nn.ReversibleBlock.Reversed;
import dev.assay.nn.ReversibleBlock.Streams;
import dev.assay.op.Gradient;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ReversibleBlockTest {
  private static final int WIDTH = 8;
  private static final int N = 12;

  /** Sums of a few hundred products of numbers near 1, undone by subtraction. */
  private static final double ROUNDING = 1e-11;

  private final Parameters parameters = Parameters.drawn(3);
  private final FeedForward feed = new FeedForward(12, FeedForward.Activation.GELU_TANH);

  private Function<Tape, Scope> at(String name) {
    return tape -> Scope.of(tape, parameters, Runner.naive()).in(name);
  }

  private ReversibleBlock dense() {
    AttentionLayer attention = AttentionLayer.of(Places.make(Dense.class, "causal=true"), WIDTH, 2);
    return new ReversibleBlock(attention::of, feed::of);
  }

  private static Streams streams(int stream) {
    return new Streams(Places.draw(stream, 1, N, WIDTH), Places.draw(stream + 1, 1, N, WIDTH));
  }

  @Test
  void what_was_done_can_be_undone() {
    Streams x = streams(1);
    Tape tape = new Tape();
    Recorded y = run(dense(), at("block").apply(tape), x);
    Streams undone = dense().inverse(at("block"), values(y));
    assertClose("first", x.first(), undone.first());
    assertClose("second", x.second(), undone.second());
  }

  @Test
  void three_blocks_have_the_gradients_of_the_tape_without_its_activations() {
    Streams x = streams(1);
    Streams dy = streams(5);
    Tape tape = new Tape();
    Scope scope = Scope.of(tape, parameters, Runner.naive());
    Var first = tape.leaf("x1", x.first());
    Var second = tape.leaf("x2", x.second());
    Recorded y = new Recorded(first, second);
    for (int b = 0; b < 3; b++) {
      y = dense().of(scope.in("block" + b), y.first(), y.second());
    }
    List<String> names = new ArrayList<>(scope.leaves().keySet());
    List<Var> wanted = new ArrayList<>(scope.leaves().values());
    wanted.addAll(List.of(first, second));
    List<Var> cotangents = List.of(tape.leaf("dy1", dy.first()), tape.leaf("dy2", dy.second()));
    List<Var> taped = Gradient.of(List.of(y.first(), y.second()), cotangents, wanted);

    Streams at = values(y);
    Streams cotangent = dy;
    int compared = 0;
    for (int b = 2; b >= 0; b--) {
      Reversed back = dense().backward(at("block" + b), at, cotangent);
      for (Map.Entry<String, Tensor> gradient : back.gradients().entrySet()) {
        int place = names.indexOf(gradient.getKey());
        assertTrue(place >= 0, gradient.getKey());
        assertClose(gradient.getKey(), taped.get(place).value(), gradient.getValue());
        compared++;
      }
      at = back.x();
      cotangent = back.dx();
    }
    assertEquals(names.size(), compared);
    assertClose("x1", x.first(), at.first());
    assertClose("x2", x.second(), at.second());
    assertClose("dx1", taped.get(names.size()).value(), cotangent.first());
    assertClose("dx2", taped.getLast().value(), cotangent.second());
  }

  @Test
  void hashed_attention_runs_again_with_the_buckets_it_had() {
    AttentionLayer hashed =
        AttentionLayer.of(Places.make(Reformer.class, "chunk=4", "causal=true"), WIDTH, 2);
    Streams x = streams(1);
    Scope scope = at("block").apply(new Tape());
    ReversibleBlock choosing = new ReversibleBlock(hashed::of, feed::of);
    Recorded y = run(choosing, scope, x);
    Tensor buckets =
        Objects.requireNonNull(scope.attended().getFirst().answer().choices().get("buckets"));
    ReversibleBlock again =
        new ReversibleBlock(
            (place, z) -> hashed.of(place, z, z, Map.of("buckets", buckets)), feed::of);
    Reversed back = again.backward(at("block"), values(y), streams(5));
    assertClose("first", x.first(), back.x().first());
    assertClose("second", x.second(), back.x().second());
  }

  private static Recorded run(ReversibleBlock block, Scope scope, Streams x) {
    return block.of(scope, scope.tape().leaf("x1", x.first()), scope.tape().leaf("x2", x.second()));
  }

  private static Streams values(Recorded y) {
    return new Streams(y.first().value(), y.second().value());
  }

  private static void assertClose(String name, Tensor expected, Tensor actual) {
    assertEquals(expected.shape(), actual.shape(), name);
    for (int p = 0; p < expected.size(); p++) {
      assertEquals(expected.get(p), actual.get(p), ROUNDING, name);
    }
  }
}
