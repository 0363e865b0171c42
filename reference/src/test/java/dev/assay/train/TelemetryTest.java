package dev.assay.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.assay.autograd.Tape;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.nn.Parameters;
import dev.assay.nn.Runner;
import dev.assay.nn.Scope;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TelemetryTest {
  @Test
  void equal_scores_have_the_largest_entropy() {
    Tape tape = new Tape();
    Scope scope = Scope.of(tape, Parameters.drawn(1), Runner.naive());
    Tensor zeros = Tensor.zeros(Shape.of(1, 2, 4, 3));
    scope.attend(
        Settings.defaults(Dense.class),
        Map.of("q", tape.leaf("q", zeros), "k", tape.leaf("k", zeros), "v", tape.leaf("v", zeros)),
        Map.of());
    var run = scope.attended().getFirst();
    double most = StrictMath.log(4);
    assertArrayEquals(new double[] {most, most}, Telemetry.entropy(run), 1e-14);
    assertEquals(most, Auxiliary.entropy().term(run).value().get(0), 1e-14);
  }

  @Test
  void the_spectral_norm_is_the_largest_singular_value() {
    assertEquals(5, Telemetry.spectralNorm(Tensor.of(Shape.of(2, 2), 3, 0, 0, -5)), 1e-12);
    double[] norms = Telemetry.spectralNorms(Tensor.of(Shape.of(2, 2), 3, 4, 0, 2), 2);
    assertArrayEquals(new double[] {5, 2}, norms, 1e-12);
  }
}
