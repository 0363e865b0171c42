package dev.assay.accelerated.tornado;

import dev.assay.engine.Availability;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a user can set from outside, read without touching TornadoVM, whose classes may be absent.
 */
final class Settings {
  /** Names the device, as back end and number. */
  static final String DEVICE = "assay.tornado.device";

  /** Must be False: else a kernel that does not compile is silently run as Java. */
  static final String RECOVER = "tornado.recover.bailout";

  /** Set by the SDK's flags. */
  private static final String RUNTIME = "tornado.load.runtime.implementation";

  /** Which kernels: lean, plain, or what suits the device. */
  static final String KERNELS = "assay.tornado.kernels";

  private static final String AUTO = "auto";
  private static final String LEAN = "lean";
  private static final String PLAIN = "plain";

  private Settings() {}

  /** Whether problems that are lean get kernels of their own. */
  static boolean lean(boolean processor) {
    String kernels = System.getProperty(KERNELS, AUTO);
    // For a processor's compiler the lean kernel is large, and it is not faster there.
    return kernels.equals(LEAN) || (kernels.equals(AUTO) && !processor);
  }

  /** The device that was asked for, 0:0 if none was. */
  static String device() {
    return System.getProperty(DEVICE, "0:0");
  }

  /** What in the JVM's flags stands in the way, or null. */
  static @Nullable Availability obstacle() {
    if (System.getProperty(RUNTIME) == null) {
      return Availability.no(
          "the JVM was started without TornadoVM's flags",
          "set TORNADOVM_HOME to an SDK's folder and start by './assay'");
    }
    if (!System.getProperty(RECOVER, "true").equalsIgnoreCase("false")) {
      return Availability.no(
          "a kernel that does not compile would silently be run as Java",
          "start Java with -D" + RECOVER + "=False");
    }
    String kernels = System.getProperty(KERNELS, AUTO);
    if (!List.of(AUTO, LEAN, PLAIN).contains(kernels)) {
      return Availability.no(
          KERNELS + " is '" + kernels + "'", "give one of " + AUTO + ", " + LEAN + ", " + PLAIN);
    }
    return null;
  }
}
