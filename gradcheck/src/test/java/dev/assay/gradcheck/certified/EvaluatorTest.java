package dev.assay.gradcheck.certified;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.gradcheck.ball.Arithmetic;
import dev.assay.gradcheck.ball.Ball;
import dev.assay.gradcheck.ball.Ball.Kind;
import dev.assay.gradcheck.ball.DoubleArithmetic;
import dev.assay.gradcheck.ball.Functions;
import dev.assay.gradcheck.ball.WideArithmetic;
import dev.assay.op.Gradient;
import dev.assay.op.OpCatalog;
import dev.assay.op.Primitive;
import dev.assay.op.Sample;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every primitive, forward and backward, in both kinds of balls. */
class EvaluatorTest {
  /** Of the largest magnitude: what a sample's few roundings amount to. */
  private static final double FEW_ULPS = 16 * 0x1p-52;

  /** A sample's output and the gradients of its inputs, as recorded values. */
  private static List<Var> recorded(Sample sample) {
    Tape tape = new Tape();
    List<Var> inputs = new ArrayList<>();
    sample.inputs().forEach(input -> inputs.add(tape.leaf("x", input)));
    Var y = tape.record(sample.op(), inputs).getFirst();
    Var cotangent = tape.leaf("dy", Tensor.generate(y.shape(), p -> 0.75 - 0.3125 * (p % 7)));
    List<Var> all = new ArrayList<>(List.of(y));
    all.addAll(Gradient.of(List.of(y), List.of(cotangent), inputs));
    return all;
  }

  private static <B extends Ball> int check(Arithmetic<B> on, Sample sample, double tolerance) {
    List<Var> values = recorded(sample);
    Tape tape = values.getFirst().tape();
    Replay<B> replay = Replay.of(on, new Functions<>(on), tape, values, (_, _) -> {});
    int seen = 0;
    for (Var value : values) {
      BallTensor<B> balls = replay.get(value);
      assertEquals(value.shape(), balls.shape(), sample.toString());
      double largest = Arrays.stream(value.value().toDoubles()).map(Math::abs).max().orElse(0);
      for (int p = 0; p < balls.size(); p++) {
        double fp64 = value.value().get(p);
        B ball = balls.get(p);
        String what = sample.op() + " " + sample.remark() + " at " + p;
        if (Double.isFinite(fp64)) {
          assertEquals(fp64, ball.approximate(), FEW_ULPS * largest, what);
          assertTrue(ball.radius() <= tolerance * largest, () -> what + ": " + ball.radius());
        } else {
          assertEquals(fp64, ball.rounded().orElseThrow(), what);
        }
        seen++;
      }
    }
    return seen;
  }

  @Test
  void every_primitive_has_a_sample_that_both_arithmetics_enclose() {
    Set<Class<?>> met = new HashSet<>();
    int seen = 0;
    for (Sample sample : OpCatalog.samples()) {
      met.add(sample.op().getClass());
      seen += check(new DoubleArithmetic(), sample, 0x1p-95);
      seen += check(new WideArithmetic(256), sample, 0x1p-240);
    }
    assertEquals(Set.of(Primitive.class.getPermittedSubclasses()), met);
    assertTrue(seen > 1000, seen + " values");
  }

  @Test
  void two_arithmetics_meet_in_every_value() {
    for (Sample sample : OpCatalog.samples()) {
      List<Var> values = recorded(sample);
      Tape tape = values.getFirst().tape();
      var narrow = replay(new DoubleArithmetic(), tape, values);
      var wide = replay(new WideArithmetic(256), tape, values);
      for (Var value : values) {
        for (int p = 0; p < value.value().size(); p++) {
          Ball two = narrow.get(value).get(p);
          Ball many = wide.get(value).get(p);
          assertEquals(two.kind(), many.kind(), sample.op() + " at " + p);
          boolean meet = two.lower() <= many.upper() && many.lower() <= two.upper();
          assertTrue(
              meet || two.kind() != Kind.FINITE, sample.op() + " " + sample.remark() + " at " + p);
        }
      }
    }
  }

  private static <B extends Ball> Replay<B> replay(Arithmetic<B> on, Tape tape, List<Var> values) {
    return Replay.of(on, new Functions<>(on), tape, values, (_, _) -> {});
  }
}
