package dev.assay.accelerated.tornado;

import dev.assay.accelerated.device.Packed;
import dev.assay.check.Require;
import java.util.HashMap;
import java.util.Map;
import uk.ac.manchester.tornado.api.common.TornadoDevice;

/**
 * The programs of a device, compiled when they are first needed and kept. Their buffers come in
 * sizes that are powers of 4, so that few are ever compiled and little is copied in vain.
 */
final class Programs {
  private static final int SMALLEST = 1 << 14;
  private static final int LARGEST = Integer.MAX_VALUE - 64;

  private final TornadoDevice device;
  private final boolean poisoned;
  private final String flags;
  private final Map<Program.Key, Program> compiled = new HashMap<>();

  /**
   * No programs yet.
   *
   * @param poisoned whether results are filled beforehand and looked over afterwards
   * @param flags of the driver's compiler
   */
  Programs(TornadoDevice device, boolean poisoned, String flags) {
    this.device = device;
    this.poisoned = poisoned;
    this.flags = flags;
  }

  /** The program of that kind whose buffers the problem fits into. */
  Program of(Program.Kind kind, Packed packed) {
    int need =
        Math.max(packed.ints().length, Math.max(packed.floatsIn(), packed.regions().length()));
    Program.Key key = new Program.Key(kind, capacity(need), poisoned);
    return compiled.computeIfAbsent(key, absent -> new Program(absent, device, flags));
  }

  static int capacity(int need) {
    Require.argument(
        need <= LARGEST, "the problem takes %d numbers in one array: at most 2^31 - 65", need);
    long capacity = SMALLEST;
    while (capacity < need) {
      capacity *= 4;
    }
    return (int) Math.min(capacity, LARGEST);
  }

  /** How many programs there are. */
  int size() {
    return compiled.size();
  }
}
