package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.gradcheck.gradient.Row;
import dev.assay.gradcheck.gradient.Tally;
import dev.assay.gradcheck.gradient.Way;
import dev.assay.tensor.Tolerance;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class GradcheckCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int gradcheck(String... arguments) {
    CommandLine line = Assay.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    String[] all = new String[arguments.length + 1];
    all[0] = "gradcheck";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return line.execute(all);
  }

  @Test
  void a_case_passes_and_its_counts_are_shown_by_way() {
    assertEquals(ExitCode.PASS, gradcheck("dense", "--case", "causal"), err.toString());
    for (String way : new String[] {"repeat", "adjoint", "differences", "second", "fused"}) {
      assertTrue(
          out.toString().lines().anyMatch(l -> l.matches("dense  causal +" + way + " +[1-9].*")),
          out.toString());
    }
  }

  @Test
  void every_primitive_passes_by_adjoint_identity() {
    assertEquals(ExitCode.PASS, gradcheck("--ops", "--way", "adjoint"), err.toString());
    assertTrue(out.toString().contains("MaskedSoftmax, ragged"), out.toString());
    assertTrue(out.toString().contains(" 0 failed"), out.toString());
  }

  @Test
  void a_golden_case_is_found_by_its_name() {
    assertEquals(
        ExitCode.PASS,
        gradcheck("dense", "--case", "basic/causal-f32", "--way", "golden"),
        err.toString());
  }

  @Test
  void a_case_that_does_not_exist_means_that_nothing_was_run() {
    assertEquals(ExitCode.NOTHING_RUN, gradcheck("dense", "--case", "nowhere", "--way", "fused"));
    assertTrue(err.toString().contains("nothing was checked by fused"), err.toString());
  }

  @Test
  void an_unknown_mechanism_is_a_usage_error_that_names_the_known_ones() {
    assertEquals(ExitCode.USAGE, gradcheck("denze"));
    assertTrue(err.toString().contains("dense, sliding-window"), err.toString());
    assertEquals("", out.toString());
  }

  @Test
  void primitives_and_mechanisms_are_not_asked_for_together() {
    assertEquals(ExitCode.USAGE, gradcheck("dense", "--ops"));
    assertEquals(ExitCode.USAGE, gradcheck("--ops", "--way", "golden"));
  }

  @Test
  void a_failure_prints_the_line_that_repeats_it() {
    Tally tally = new Tally();
    tally.compare("dk[0, 1]", 1, 2, new Tolerance(1e-9, 0, "rounding"));
    GradcheckTable table = new GradcheckTable(new PrintWriter(out), false, " --seed 3");
    table.add(new Row("dense", "causal", Way.FUSED, tally, 1));
    assertEquals(1, table.failed());
    assertTrue(
        out.toString().contains("./assay gradcheck dense --case causal --way fused --seed 3"),
        out.toString());
    assertTrue(out.toString().contains("FAIL dk[0, 1]: 1.0, but the judge has 2.0"));
  }

  @Test
  void what_was_skipped_on_purpose_is_counted_and_explained_once() {
    GradcheckTable table = new GradcheckTable(new PrintWriter(out), false, "");
    for (String name : new String[] {"a", "b"}) {
      Tally tally = new Tally();
      tally.skip(4, "too many");
      table.add(new Row("dense", name, Way.DIFFERENCES, tally, 1));
    }
    table.end("dense");
    assertTrue(out.toString().contains("skipped in 2 rows: too many"), out.toString());
    assertTrue(out.toString().matches("(?s).*dense, 2 cases +differences +0 +8 +0 .*"));
  }
}
