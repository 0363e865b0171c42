package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;

/** A command that ended: its exit code, and what it printed. */
record Ran(int code, String out, String err) {
  /** Runs a command line. */
  static Ran assay(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Assay.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Ran(code, out.toString(), err.toString());
  }

  /** Requires a code, and words that were printed. */
  void is(int expected, String... parts) {
    assertEquals(expected, code, out + err);
    for (String part : parts) {
      assertTrue((out + err).contains(part), () -> part + " is not in\n" + out + err);
    }
  }
}
