package dev.assay.accelerated.tornado;

import dev.assay.engine.Availability;
import dev.assay.engine.Engine;
import org.opentest4j.TestAbortedException;

/** The engine that tests run on: one, because compiling its kernels takes seconds. */
final class TestDevice {
  /** Fills results beforehand, and looks for what was not written and for writes beside them. */
  static final Engine ENGINE = new TornadoEngine(true, Program.STRICT);

  private TestDevice() {}

  /** Whether there is a device; for {@code @EnabledIf}, so that a skipped class is seen. */
  static boolean present() {
    return ENGINE.availability().available();
  }

  /** Gives up on the tests of a container, visibly, where there is no device. */
  static void demand() {
    Availability here = ENGINE.availability();
    if (!here.available()) {
      throw new TestAbortedException(here.description() + "; " + here.remedy());
    }
  }
}
