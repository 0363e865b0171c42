package dev.assay.bench;

import dev.assay.engine.Engine;
import dev.assay.plan.Forward;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.tensor.Tensor;

/** A workload in an engine's own storage, ready to be run again and again. */
final class EngineRun {
  private final Engine engine;
  private final Branch work;
  private final Tensor dOut;

  EngineRun(Workload workload, Engine engine) {
    this.engine = engine;
    this.work = workload.on(engine.storage());
    this.dOut = workload.dOut(engine.storage());
  }

  /** Nanoseconds of one run. */
  long nanos(Pass pass) {
    long start = System.nanoTime();
    run(pass);
    return System.nanoTime() - start;
  }

  void run(Pass pass) {
    Forward forward = engine.forward(work.problem(), work.plan());
    if (pass == Pass.FORWARD_AND_BACKWARD) {
      engine.backward(work.problem(), work.plan(), forward, dOut, null);
    }
  }
}
