package dev.assay.gradcheck.certified;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.engine.Engines;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.mechanism.Evaluation;
import dev.assay.op.Ops;
import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

/** What is proven, what is not, and why not. */
class CertifierTest {
  private final Certifier certifier = new Certifier();
  private final Tape tape = new Tape();

  private Var leaf(double... values) {
    return tape.leaf("x", Tensor.of(Shape.of(values.length), values));
  }

  private Certificate certify(Var value) {
    SequencedMap<String, Var> wanted = new LinkedHashMap<>();
    wanted.put("y", value);
    return Objects.requireNonNull(certifier.certify(value.tape(), wanted).get("y"));
  }

  @Test
  void a_sum_that_binary64_gets_wrong_comes_out_right() {
    Var sum = Ops.sum(leaf(1e100, 1, -1e100, 0x1p-60), 0);
    assertEquals(0x1p-60, sum.value().get(0), "the ops lose the 1");
    Certificate proven = certify(sum);
    assertEquals(1, proven.value().get(0));
    assertEquals(1, proven.proven());
    assertEquals(0, proven.exact(), "1 + 2^-60 is no double");
  }

  @Test
  void a_result_that_is_a_double_is_known_to_be_exact() {
    Certificate proven = certify(Ops.scale(Ops.mul(leaf(3, 0.5), leaf(7, 0.25)), 0.125));
    assertEquals(2, proven.exact());
    assertEquals(21.0 / 8, proven.value().get(0));
  }

  @Test
  void a_zero_that_cancels_is_proven_by_the_widest_balls() {
    // ln(e^x) - x is 0, but no ball can know that it is exactly so.
    Var x = leaf(0.3);
    Certificate proven = certify(Ops.sub(Ops.log(Ops.exp(x)), x));
    assertEquals(0, proven.value().get(0));
    assertEquals(1, proven.proven());
    assertEquals(0, proven.exact());
  }

  @Test
  void a_middle_of_two_doubles_that_is_not_known_exactly_is_flagged() {
    // sqrt(2)^2 / 2 is 1, and 1 + 2^-53 lies in the middle of 1 and the next double.
    Var root = Ops.sqrt(leaf(2));
    Var one = Ops.scale(Ops.mul(root, root), 0.5);
    Certificate flagged = certify(Ops.shift(one, 0x1p-53));
    Flag flag = Objects.requireNonNull(flagged.flagged().get(0));
    assertEquals(Flag.Reason.BETWEEN_TWO_DOUBLES, flag.reason());
    assertTrue(flag.radius() < 1e-300, () -> "radius " + flag.radius());
    assertEquals(0, flagged.proven());
  }

  @Test
  void rounding_twice_is_told_from_rounding_once() {
    // In binary64 it is the middle of two numbers of BF16, and goes to the even one; it lies above.
    Var above = Ops.sum(leaf(1, 0x1p-8, 0x1p-70), 0);
    Certificate proven = certify(above);
    assertEquals(1, proven.proven());
    assertEquals(0, proven.narrowed().get(DType.BF16));
    assertEquals(1, proven.narrowed().get(DType.F32));
    Certificate exact = certify(Ops.sum(leaf(1, 0x1p-8), 0));
    assertEquals(1, exact.narrowed().get(DType.BF16));
  }

  @Test
  void what_hangs_on_a_comparison_that_no_ball_decides_is_flagged() {
    Var root = Ops.sqrt(leaf(2, 3));
    Certificate flagged = certify(Ops.scale(Ops.step(Ops.mul(root, root), 2), 0.1));
    Flag flag = Objects.requireNonNull(flagged.flagged().get(0));
    assertEquals(Flag.Reason.UNDECIDED, flag.reason());
    assertEquals(1, flagged.proven(), "3 is above 2 without doubt");
    assertEquals(0.1, flagged.value().get(1));
  }

  @Test
  void what_may_be_divided_by_zero_is_flagged() {
    Var root = Ops.sqrt(leaf(2));
    Var nothing = Ops.shift(Ops.mul(root, root), -2);
    Certificate flagged = certify(Ops.div(leaf(1), nothing));
    assertEquals(Flag.Reason.UNBOUNDED, Objects.requireNonNull(flagged.flagged().get(0)).reason());
  }

  @Test
  void nan_and_infinities_keep_their_bits() {
    double[] special = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0};
    Certificate proven = certify(Ops.scale(leaf(special), 1));
    assertEquals(4, proven.exact());
    assertTrue(Arrays.equals(special, proven.value().toDoubles()));
  }

  @Test
  void a_graph_of_plans_is_refused() throws IOException {
    GoldenCase golden = Suite.load().find("basic/dense-f32");
    Evaluation lowered =
        Evaluation.lower(golden.mechanism(), golden.inputs(), Engines.find("scalar"));
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> certifier.certify(lowered));
    assertTrue(String.valueOf(refused.getMessage()).contains("primitive"), refused::toString);
  }
}
