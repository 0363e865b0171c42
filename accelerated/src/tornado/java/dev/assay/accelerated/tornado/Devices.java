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
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/** The devices that TornadoVM finds, and the one that was chosen: back end i and device j of it. */
final class Devices {
  private static final Pattern PLACE = Pattern.compile("([0-9]{1,3}):([0-9]{1,3})");

  private Devices() {}

  /** Why there is no device to run on, or null. */
  static @Nullable Availability obstacle() {
    try {
      chosen();
      return null;
    } catch (IllegalArgumentException setting) {
      return Availability.no(
          String.valueOf(setting.getMessage()), "give another --device, or none for 0:0");
    } catch (LinkageError | RuntimeException absent) {
      return Availability.no(
          "TornadoVM finds no device: " + reason(absent),
          "install a driver for the SDK's back end; for OpenCL on a CPU that is PoCL");
    }
  }

  /**
   * The first sentence of the innermost message, without the colours of a terminal. What may follow
   * speaks of running on the processor instead, which is not what happens here.
   */
  static String reason(Throwable failure) {
    Throwable inner = failure;
    while (inner.getCause() != null) {
      inner = inner.getCause();
    }
    String message = inner.getMessage() == null ? inner.toString() : inner.getMessage();
    String plain = message.replaceAll("\u001b\\[[0-9;]*m", "").replace("[WARNING]", "").strip();
    int end = plain.indexOf(". ");
    return (end < 0 ? plain : plain.substring(0, end)).lines().findFirst().orElse("");
  }

  private static TornadoRuntime runtime() {
    return TornadoRuntimeProvider.getTornadoRuntime();
  }

  /**
   * The device that was asked for.
   *
   * @throws IllegalArgumentException if there is none of that place
   */
  static TornadoDevice chosen() {
    String asked = Settings.device();
    Matcher place = PLACE.matcher(asked);
    Require.argument(
        place.matches(), "%s is '%s': give back end and device as 0:0", Settings.DEVICE, asked);
    int backend = Integer.parseInt(place.group(1));
    int device = Integer.parseInt(place.group(2));
    Require.argument(
        backend < runtime().getNumBackends()
            && device < runtime().getBackend(backend).getNumDevices(),
        "there is no device %s: those found are %s",
        asked,
        String.join("; ", all()));
    return runtime().getBackend(backend).getDevice(device);
  }

  /** All devices of all back ends, a line each: place, back end, platform, name. */
  static List<String> all() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < runtime().getNumBackends(); i++) {
      TornadoBackend backend = runtime().getBackend(i);
      for (int j = 0; j < backend.getNumDevices(); j++) {
        lines.add(i + ":" + j + ", " + describe(backend.getDevice(j)));
      }
    }
    return lines;
  }

  /** The back end that TornadoVM asks first. */
  static TornadoVMBackendType firstBackend() {
    return runtime().getBackend(0).getBackendType();
  }

  /** Whether a device is the processor itself, there for correctness and not for speed. */
  static boolean processor(TornadoDevice device) {
    return device.getDeviceType() == TornadoDeviceType.CPU;
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
