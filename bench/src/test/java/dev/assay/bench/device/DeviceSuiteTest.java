package dev.assay.bench.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.accelerated.simd.SimdEngine;
import dev.assay.engine.Availability;
import dev.assay.engine.Demand;
import dev.assay.engine.DeviceEngine;
import dev.assay.engine.Support;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Forward;
import dev.assay.plan.Gradients;
import dev.assay.plan.Plan;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The suite times by the device's clock, and only those whose results are right. */
class DeviceSuiteTest {
  /** The simd engine with a clock that gains a millisecond a pass. */
  private static class Clocked implements DeviceEngine {
    private final SimdEngine simd = new SimdEngine();
    private final float error;
    private long nanos;

    Clocked(float error) {
      this.error = error;
    }

    @Override
    public String id() {
      return "clocked";
    }

    @Override
    public Availability availability() {
      return Availability.yes("a stand-in");
    }

    @Override
    public Storage storage() {
      return Storage.F32;
    }

    @Override
    public String precisionClass() {
      return "f32-flash";
    }

    @Override
    public Support supports(AttentionProblem problem, Plan plan, Set<Demand> demands) {
      return simd.supports(problem, plan, demands);
    }

    @Override
    public Forward forward(AttentionProblem problem, Plan plan) {
      nanos += 1_000_000;
      Forward right = simd.forward(problem, plan);
      float[] out = right.out().floats().clone();
      out[0] += error;
      return new Forward(Tensor.adopt(right.out().shape(), out), right.lse());
    }

    @Override
    public Gradients backward(
        AttentionProblem problem, Plan plan, Forward forward, Tensor dOut, @Nullable Tensor dLse) {
      nanos += 2_000_000;
      return simd.backward(problem, plan, forward, dOut, dLse);
    }

    @Override
    public Rates rates() {
      return new Rates(100, 10);
    }

    @Override
    public String device() {
      return "stand-in";
    }

    @Override
    public long kernelNanos() {
      return nanos;
    }
  }

  private static DeviceReport report(DeviceEngine engine, List<String> told) {
    return new DeviceSuite(List.of(engine), 3, true, told::add).run();
  }

  @Test
  void kernels_are_timed_by_the_devices_clock() {
    DeviceReport report = report(new Clocked(0), new ArrayList<>());
    assertTrue(report.allWithinBounds());
    assertEquals(8, report.rows().size(), "four kinds of work, judged and timed");
    for (DeviceRow row : report.rows()) {
      assertEquals(1, row.forward().kernelMillis());
      assertEquals(2, Objects.requireNonNull(row.backward()).kernelMillis());
    }
  }

  @Test
  void who_is_wrong_is_not_timed_at_larger_sizes() {
    DeviceReport report = report(new Clocked(0.5f), new ArrayList<>());
    assertFalse(report.allWithinBounds());
    assertEquals(4, report.rows().size(), "only those that were judged");
  }
}
