package dev.assay.bench.device;

import dev.assay.bench.Accuracy;
import dev.assay.bench.Pass;
import dev.assay.bench.Timing;
import dev.assay.bench.Work;
import dev.assay.bench.Workload;
import dev.assay.bench.device.DeviceRow.Clocks;
import dev.assay.check.Require;
import dev.assay.engine.Demand;
import dev.assay.engine.DeviceEngine;
import dev.assay.engine.Support;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Forward;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.tensor.DType;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the usual kinds of work on engines with a device, each first at a size where all results are
 * judged, head by head, then at sizes that fill a device, if those results were right.
 *
 * @param engines all on the same device
 * @param rounds runs of which medians are taken
 * @param small whether to try the code only, with sizes that a processor can do
 * @param progress is told what begins
 */
public record DeviceSuite(
    List<DeviceEngine> engines, int rounds, boolean small, Consumer<String> progress) {
  private static final int HEADS = 8;
  private static final int DEPTH = 64;
  private static final int JUDGED = 512;
  private static final int SMALL = 128;

  /** Measures everything. */
  public DeviceReport run() {
    progress.accept("rates of " + engines.getFirst().device());
    DeviceEngine.Rates rates = engines.getFirst().rates();
    List<DeviceRow> rows = new ArrayList<>();
    for (DeviceEngine engine : engines) {
      for (Work work : List.of(Work.DENSE, Work.CAUSAL, Work.BAND, Work.CHUNKS)) {
        Workload judged = new Workload(work, small ? SMALL : JUDGED, HEADS, HEADS, DEPTH);
        if (!supports(engine, judged, Demand.FORWARD)) {
          progress.accept(engine.id() + " has no " + work);
          continue;
        }
        progress.accept("results of " + engine.id() + ", " + work);
        double error = error(judged, engine);
        rows.add(row(engine, judged, error));
        for (int n : sizes(work)) {
          if (error <= 1) {
            progress.accept(engine.id() + ", " + work + ", n = " + n);
            add(rows, engine, new Workload(work, n, HEADS, HEADS, DEPTH));
          }
        }
      }
    }
    return new DeviceReport(engines.getFirst().device(), rates, rounds, rows);
  }

  /** A size that the device has no room for is passed over, not what was measured before it. */
  private void add(List<DeviceRow> rows, DeviceEngine engine, Workload workload) {
    try {
      rows.add(row(engine, workload, null));
    } catch (DeviceEngine.OutOfMemory full) {
      progress.accept("passed over: " + full.getMessage());
    }
  }

  private int[] sizes(Work work) {
    if (small) {
      return new int[] {SMALL};
    }
    return switch (work) {
      case DENSE -> new int[] {2048, 4096, 8192, 16_384};
      case CAUSAL -> new int[] {4096, 16_384};
      case BAND -> new int[] {4096, 16_384};
      default -> new int[] {32_768};
    };
  }

  private static boolean supports(DeviceEngine engine, Workload workload, Demand demand) {
    Branch work = workload.on(engine.storage());
    Support support = engine.supports(work.problem(), work.plan(), EnumSet.of(demand));
    return support.yes();
  }

  private static double error(Workload workload, DeviceEngine engine) {
    Accuracy accuracy =
        supports(engine, workload, Demand.BACKWARD)
            ? Accuracy.of(workload, engine)
            : forwardAlone(workload, engine);
    return accuracy.worst().values().stream().mapToDouble(Double::doubleValue).max().orElseThrow();
  }

  /** Judges output and LSE of an engine without gradients, on numbers that binary16 holds. */
  private static Accuracy forwardAlone(Workload workload, DeviceEngine engine) {
    SequencedMap<String, Double> worst = new LinkedHashMap<>();
    for (int head = 0; head < workload.kvHeads(); head++) {
      Branch exact = halved(workload.on(Storage.F64, head, head + 1));
      Branch given = halved(workload.on(engine.storage(), head, head + 1));
      Forward forward = engine.forward(given.problem(), given.plan());
      Map<String, Tensor> results = new LinkedHashMap<>();
      results.put("out", forward.out());
      results.put("lse", Objects.requireNonNull(forward.lse()));
      Tensor dOut = workload.dOut(Storage.F64, head, head + 1);
      Accuracy.of(exact, dOut, engine.precisionClass(), results)
          .worst()
          .forEach((name, ratio) -> worst.merge(name, ratio, Math::max));
    }
    return new Accuracy(worst);
  }

  private static Branch halved(Branch branch) {
    AttentionProblem problem = branch.problem();
    Tensor q = halved(problem.q());
    Tensor k = halved(problem.k());
    Tensor v = halved(problem.v());
    return new Branch(problem.with(q, k, v, null).build(), branch.plan());
  }

  private static Tensor halved(Tensor tensor) {
    return Tensor.generate(tensor.shape(), p -> DType.F16.round(tensor.get(p)))
        .to(tensor.storage());
  }

  private DeviceRow row(DeviceEngine engine, Workload workload, @Nullable Double error) {
    Branch work = workload.on(engine.storage());
    Clocks forward =
        clocks(
            engine,
            () -> engine.forward(work.problem(), work.plan()),
            workload.flops(Pass.FORWARD));
    Clocks backward = null;
    if (supports(engine, workload, Demand.BACKWARD)) {
      Forward result = engine.forward(work.problem(), work.plan());
      Tensor dOut = workload.dOut(engine.storage());
      backward =
          clocks(
              engine,
              () -> engine.backward(work.problem(), work.plan(), result, dOut, null),
              workload.flops(Pass.FORWARD_AND_BACKWARD) - workload.flops(Pass.FORWARD));
    }
    return new DeviceRow(engine.id(), workload, forward, backward, error);
  }

  private Clocks clocks(DeviceEngine engine, Runnable pass, double operations) {
    long[] kernels = new long[rounds];
    long[] host = new long[rounds];
    // Twice before: the first run compiles, the second finds the clocks of the device low.
    pass.run();
    pass.run();
    for (int round = 0; round < rounds; round++) {
      long before = engine.kernelNanos();
      long start = System.nanoTime();
      pass.run();
      host[round] = System.nanoTime() - start;
      kernels[round] = engine.kernelNanos() - before;
    }
    Timing device = Timing.ofNanos(kernels);
    Require.state(
        device.fastestMillis() > 0, "the device's clock says that %s took no time", engine.id());
    return new Clocks(
        device.medianMillis(), Timing.ofNanos(host).medianMillis(), device.gigaflops(operations));
  }
}
