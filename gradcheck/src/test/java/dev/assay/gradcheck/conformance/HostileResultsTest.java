package dev.assay.gradcheck.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.assay.file.Safetensors;
import dev.assay.file.TensorFile;
import dev.assay.gradcheck.report.Format;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.verdict.RunVerdict;
import dev.assay.gradcheck.verdict.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What somebody hands in to spoil a report, or to keep it from ending. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class HostileResultsTest {
  private static final String CASE = "dense/square";
  private static final String SPOILER = "\u001b[2Jgone\n::error::forged\r</script>\u202e";

  @TempDir private Path folder = Path.of("");

  private RunVerdict verdict() throws IOException {
    return new HandedIn(folder, PrecisionClass.F32_FLASH).verify(CASE);
  }

  private void spoilsNoReport() throws IOException {
    RunVerdict verdict = verdict();
    for (Format format : Format.values()) {
      String report = format.write(verdict);
      assertTrue(
          report.codePoints().noneMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t'),
          () -> format + " holds control characters: " + report);
      assertTrue(report.lines().noneMatch(line -> line.startsWith("::error::")), () -> report);
    }
  }

  @Test
  void a_reason_for_a_refusal_spoils_no_report() throws IOException {
    new HandedIn(folder, PrecisionClass.F32_FLASH)
        .says("refused", SPOILER)
        .put(CASE, TensorFile.builder());
    spoilsNoReport();
  }

  @Test
  void a_reason_for_no_support_spoils_no_report() throws IOException {
    new HandedIn(folder, PrecisionClass.F32_FLASH)
        .says("unsupported", SPOILER)
        .put(CASE, TensorFile.builder());
    assertEquals(Status.NOT_SUPPORTED, verdict().subjects().getFirst().cases().getFirst().status());
    spoilsNoReport();
  }

  @Test
  void metadata_that_are_quoted_spoil_no_report() throws IOException {
    new HandedIn(folder, PrecisionClass.F32_FLASH)
        .says("suite", SPOILER)
        .put(CASE, HandedIn.right(CASE));
    spoilsNoReport();
  }

  @Test
  void the_name_of_an_implementation_spoils_no_report() throws IOException {
    Files.writeString(
        folder.resolve(ResultIndex.FILE),
        """
        {"schema": "assay-result-1", "suite": "assay-goldens", "class": "f32-flash",
         "impl": "\\u001b[2J\\n::error::forged", "cases":
         {"dense/square": {"status": "refused", "reason": "\\u001b[2J\\n::error::forged"}}}
        """);
    spoilsNoReport();
  }

  @Test
  void the_name_of_a_file_spoils_no_report() throws IOException {
    Safetensors.write(
        folder.resolve("a\n::error::forged\u001b[2J.safetensors"), TensorFile.builder().build());
    spoilsNoReport();
  }

  @Test
  void a_folder_a_pipe_and_a_device_in_place_of_a_result_are_malformed() throws Exception {
    Path file = folder.resolve(CASE + ".safetensors");
    Files.createDirectories(file);
    isMalformed("is a directory");
    Files.delete(file);
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")), "skipped: not there: mkfifo");
    assertEquals(0, new ProcessBuilder("/usr/bin/mkfifo", file.toString()).start().waitFor());
    isMalformed("is not a regular file");
    Files.delete(file);
    Files.createSymbolicLink(file, Path.of("/dev/zero"));
    isMalformed("is not a regular file");
  }

  private void isMalformed(String words) throws IOException {
    var one = verdict().subjects().getFirst().cases().getFirst();
    assertEquals(Status.MALFORMED, one.status());
    assertTrue(one.reason().contains(words), one.reason());
  }

  @Test
  void a_link_to_a_secret_shows_nothing_of_it() throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), "correct horse battery staple");
    Path file = folder.resolve(CASE + ".safetensors");
    Files.createDirectories(file.resolveSibling("."));
    Files.createSymbolicLink(file, secret);
    RunVerdict verdict = verdict();
    for (Format format : Format.values()) {
      assertTrue(!format.write(verdict).contains("horse"), format::toString);
    }
  }

  @Test
  void right_results_still_pass() throws IOException {
    new HandedIn(folder, PrecisionClass.F32_FLASH).put(CASE, HandedIn.right(CASE));
    RunVerdict verdict =
        new HandedIn(folder, PrecisionClass.F32_FLASH)
            .verify(List.of(HandedIn.SUITE.find(CASE)), Map.of(), false);
    assertEquals(Status.PASSED, verdict.subjects().getFirst().cases().getFirst().status());
  }
}
