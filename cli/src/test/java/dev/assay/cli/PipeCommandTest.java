package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Programs are judged through a pipe; its examples do what they say. */
class PipeCommandTest {
  private static final int SECONDS = 120;

  private final StringWriter report = new StringWriter();

  private void pipe(int code, String glob, String... command) {
    List<String> words = new ArrayList<>(List.of("pipe", "--class", "f32-flash", "--case", glob));
    words.add("--");
    words.addAll(List.of(command));
    assay(code, words.toArray(String[]::new));
  }

  private void assay(int code, String... arguments) {
    PrintWriter both = new PrintWriter(report);
    int found = Assay.commandLine().setOut(both).setErr(both).execute(arguments);
    assertEquals(code, found, report.toString());
  }

  private void says(String part) {
    assertTrue(report.toString().contains(part), () -> part + " is not in\n" + report);
  }

  private static boolean imports(String python, String module) throws InterruptedException {
    try {
      return new ProcessBuilder(python, "-c", "import " + module).start().waitFor() == 0;
    } catch (IOException absent) {
      return false;
    }
  }

  @Test
  @Timeout(SECONDS)
  void the_kernel_in_numpy_passes_and_lists_what_it_cannot_do() throws InterruptedException {
    assumeTrue(imports("python3", "numpy"), "skipped: not there: python3 with numpy");
    pipe(ExitCode.PASS, "*dense*", "python3", "-B", "../examples/pipe/numpy_kernel.py");
    says("(f32-flash; numpy)");
    says(" 0 failed, 0 malformed");
    says("cases not supported: no positions");
  }

  @Test
  @Timeout(SECONDS)
  void torch_is_right_but_for_rows_without_keys() throws InterruptedException {
    String python = imports("python3", "torch, numpy") ? "python3" : "/usr/bin/python3";
    assumeTrue(imports(python, "torch, numpy"), "skipped: not there: python3 with torch");
    pipe(ExitCode.PASS, "width/*", python, "-B", "../examples/pipe/torch_kernel.py");
    says("(f32-flash; torch)");
    says(" 0 failed, 0 malformed");
  }

  @Test
  @Timeout(SECONDS)
  void a_program_that_dies_fails() throws InterruptedException {
    assumeTrue(imports("python3", "sys"), "skipped: not there: python3");
    pipe(ExitCode.MISMATCH, "basic/dense-f32", "python3", "-c", "raise SystemExit('no device')");
    says("it ended with exit code 1");
    says("no device");
    says("repeat: ");
    says(" pipe --class f32-flash --case basic/dense-f32 -- python3 -c ");
  }

  @Test
  @Timeout(SECONDS)
  void garbage_is_malformed() throws InterruptedException {
    assumeTrue(imports("python3", "sys"), "skipped: not there: python3");
    pipe(ExitCode.MALFORMED, "basic/dense-f32", "python3", "-c", "print('hello, world')");
    says("the text 'hello, w'");
  }

  @Test
  void a_program_that_is_not_there_is_named() {
    pipe(ExitCode.NOTHING_RUN, "basic/dense-f32", "/no/such/kernel");
    says("the program '/no/such/kernel' cannot be started");
  }

  @Test
  void without_a_class_or_a_case_of_it_nothing_is_started() {
    assay(ExitCode.USAGE, "pipe", "--", "/no/such/kernel");
    says("--class is missing");
    pipe(ExitCode.USAGE, "basic/dense-f64", "/no/such/kernel");
    says("none of the cases can be run in class f32-flash");
  }
}
