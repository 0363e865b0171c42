package dev.assay.accelerated.tornado;

import dev.assay.check.Require;
import dev.assay.engine.Availability;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.TornadoBackend;
import uk.ac.manchester.tornado.api.TornadoRuntime;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/**
 * The devices that TornadoVM finds, and the one that was chosen: {@code
 * -Dassay.tornado.device=i:j}, back end i and device j of it, or 0:0.
 */
final class Devices {
  /** Names the device, as back end and number: 0:0 without it. */
  static final String DEVICE = "assay.tornado.device";

  /** Must be False: else a kernel that does not compile is silently run as Java. */
  static final String RECOVER = "tornado.recover.bailout";

  private static final String RUNTIME = "tornado.load.runtime.implementation";
  private static final Pattern PLACE = Pattern.compile("([0-9]{1,3}):([0-9]{1,3})");

  private Devices() {}

  /** Why nothing can be run here, or null: settings first, then what the runtime finds. */
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
    try {
      runtime();
      chosen();
      return null;
    } catch (IllegalArgumentException setting) {
      return Availability.no(String.valueOf(setting.getMessage()), "'./assay doctor' lists them");
    } catch (LinkageError | RuntimeException absent) {
      return Availability.no(
          "TornadoVM finds no device: " + reason(absent),
          "install a driver of the SDK's back end; for OpenCL on a CPU that is PoCL");
    }
  }

  /** The innermost message, without the colours of a terminal. */
  static String reason(Throwable failure) {
    Throwable inner = failure;
    while (inner.getCause() != null) {
      inner = inner.getCause();
    }
    String message = inner.getMessage() == null ? inner.toString() : inner.getMessage();
    return message.replaceAll("\u001b\\[[0-9;]*m", "").lines().findFirst().orElse("").strip();
  }

  private static TornadoRuntime runtime() {
    return TornadoRuntimeProvider.getTornadoRuntime();
  }

  /** The device that was asked for. */
  static TornadoDevice chosen() {
    String asked = System.getProperty(DEVICE, "0:0");
    Matcher place = PLACE.matcher(asked);
    Require.argument(place.matches(), "device is %s: give back end and device as 0:0", asked);
    int backend = Integer.parseInt(place.group(1));
    int device = Integer.parseInt(place.group(2));
    int backends = runtime().getNumBackends();
    Require.argument(
        backend < backends && device < runtime().getBackend(backend).getNumDevices(),
        "device %s does not exist: there are %s",
        asked,
        String.join(", ", all()));
    return runtime().getBackend(backend).getDevice(device);
  }

  /** All devices, a line each: place, back end, name. */
  static List<String> all() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < runtime().getNumBackends(); i++) {
      TornadoBackend backend = runtime().getBackend(i);
      for (int j = 0; j < backend.getNumDevices(); j++) {
        lines.add(i + ":" + j + " " + describe(backend.getDevice(j)));
      }
    }
    return lines;
  }

  /** Back end, platform and name of a device. */
  static String describe(TornadoDevice device) {
    return device.getTornadoVMBackend().name().toLowerCase(Locale.ROOT)
        + ", "
        + device.getPlatformName().strip()
        + ", "
        + device.getPhysicalDevice().getDeviceName().strip();
  }
}
