package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class DoctorCommandTest {
  private static String doctor() {
    StringWriter out = new StringWriter();
    Assay.commandLine().setOut(new PrintWriter(out)).execute("doctor");
    return out.toString();
  }

  @Test
  void every_engine_is_there_or_has_a_remedy() {
    String report = doctor();
    assertTrue(report.contains("scalar       yes: "), report);
    long no = report.lines().filter(line -> line.contains(" no: ")).count();
    long remedies = report.lines().filter(line -> line.contains("remedy: ")).count();
    assertTrue(no >= 1 && no == remedies, report);
  }

  @Test
  void tornado_without_an_sdk_says_which_variable_to_set() {
    assertTrue(doctor().contains("TORNADOVM_HOME"));
  }
}
