package dev.assay.cli;

import dev.assay.gradcheck.conformance.Replay;
import java.util.List;

/**
 * How this process was called. The launcher tells it, since Java sees neither the launcher's own
 * name nor the options that it took away.
 */
final class Launch {
  private Launch() {}

  /** The launcher as the user called it, quoted for a shell: {@code ./assay}. */
  static String launcher() {
    return System.getProperty("assay.launcher", "./assay");
  }

  /** The launcher with its own options: {@code ./assay --with peers}. */
  static String command() {
    return launcher() + System.getProperty("assay.with", "");
  }

  /** A line that calls it in the same way. */
  static Replay replay(String... words) {
    return new Replay(command(), List.of(words));
  }
}
