package dev.assay.bench;

import dev.assay.engine.Engine;
import dev.assay.engine.Engines;
import dev.assay.plan.Forward;
import dev.assay.plan.Gradients;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.tensor.Tensor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Forward, and forward with backward, of every kind of work on an engine, several JVMs each:
 * compilations of vector code differ by 10 to 15 %.
 *
 * <p>How to run it: docs/speed.md.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {KernelFlags.MODULE, KernelFlags.SPILLS, KernelFlags.NATIVE})
public class PlanBenchmark {
  @Param({"simd"})
  private String engine = "simd";

  @Param({"DENSE", "CAUSAL", "BAND", "CHUNKS", "MERGE", "GATHER", "DECODE"})
  private Work work = Work.DENSE;

  @Param({"2048"})
  private int n = 1;

  @Param({"8"})
  private int heads = 1;

  @Param({"64"})
  private int depth = 1;

  private Engine subject = Engines.find("scalar");
  private Branch branch = new Workload(work, 1, 1, 1, 1).on(subject.storage());
  private Tensor dOut = branch.problem().q();

  /** Draws the inputs. */
  @Setup
  public void draw() {
    subject = Engines.find(engine);
    Workload workload = new Workload(work, n, heads, heads, depth);
    branch = workload.on(subject.storage());
    dOut = workload.dOut(subject.storage());
  }

  /** The output. */
  @Benchmark
  public Forward forward() {
    return subject.forward(branch.problem(), branch.plan());
  }

  /** The output and all gradients. */
  @Benchmark
  public Gradients forwardAndBackward(Blackhole hole) {
    Forward forward = forward();
    hole.consume(forward);
    return subject.backward(branch.problem(), branch.plan(), forward, dOut, null);
  }
}
