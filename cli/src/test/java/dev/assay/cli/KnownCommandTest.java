package dev.assay.cli;

import static dev.assay.cli.Ran.assay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several folders in one run of verify, and failures of one of them that are known. */
class KnownCommandTest {
  private static final String CASE = "basic/causal-f32";

  @TempDir private Path folder = Path.of("");

  private Path good = Path.of("");
  private Path bad = Path.of("");

  @BeforeEach
  void hand_in() throws IOException {
    good = folder.resolve("good");
    bad = folder.resolve("bad");
    ResultFiles.write(CASE, 1, "f32-flash", good);
    ResultFiles.write(CASE, 1.01, "f32-flash", bad);
  }

  private Ran verify(String expires, String tensor) throws IOException {
    String list =
        """
        {"schema": "assay-known-1", "failures": [
          {"case": "%s", "tensor": "%s", "reason": "odd rounding", "expires": "%s"}]}
        """
            .formatted(CASE, tensor, expires);
    Path known = Files.writeString(folder.resolve("known.json"), list);
    return assay(
        "verify", good.toString(), bad.toString(), "--case", CASE, "--known", known.toString());
  }

  @Test
  void of_two_folders_the_wrong_one_is_named() {
    assay("verify", good.toString(), bad.toString(), "--case", CASE)
        .is(ExitCode.MISMATCH, good + " (f32-flash): 1 passed", bad + " (f32-flash): 0 passed, 1");
  }

  @Test
  void a_known_failure_gives_0_until_its_day() throws IOException {
    verify("9999-12-31", "out").is(ExitCode.PASS, "1 failed as known", "known: odd rounding");
    verify("2020-01-01", "out").is(ExitCode.MISMATCH, "expired on 2020-01-01");
  }

  @Test
  void a_failure_of_another_tensor_is_not_known() throws IOException {
    verify("9999-12-31", "dq").is(ExitCode.MISMATCH, "dq now passes: remove it");
  }

  @Test
  void a_slip_in_the_list_gives_3() throws IOException {
    verify("9999-12-31", "dQ").is(ExitCode.MALFORMED, "known.json", "'dQ'", "does not expect");
    verify("soon", "out").is(ExitCode.MALFORMED, "expires", "write YYYY-MM-DD");
  }
}
