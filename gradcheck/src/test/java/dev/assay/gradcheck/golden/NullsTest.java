package dev.assay.gradcheck.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.file.FormatException;
import dev.assay.gradcheck.suite.Checksums;
import dev.assay.gradcheck.suite.Suite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A null in a file of the suite, wherever it stands, is one sentence about the place. */
class NullsTest {
  private static final String CASE = "core/basic/dense-f32.json";

  @TempDir private Path temporary;

  private String refusal(Path copy, String file, String pattern, String replacement)
      throws IOException {
    String right = GoldenFolder.text(file);
    String broken = Pattern.compile(pattern).matcher(right).replaceFirst(replacement);
    assertTrue(!broken.equals(right), pattern);
    Files.writeString(copy.resolve(file), broken);
    Files.writeString(copy.resolve(Checksums.FILE), Checksums.list(copy));
    FormatException found =
        assertThrows(FormatException.class, () -> Suite.load(copy), file + ": " + pattern);
    Files.writeString(copy.resolve(file), right);
    return String.valueOf(found.getMessage());
  }

  @Test
  void a_null_in_a_case_is_named_by_its_place() throws IOException {
    Path copy = GoldenFolder.copy(temporary.resolve("v1"));
    String[][] changes = {
      {"(\"schema\"\\s*:\\s*)\"[^\"]*\"", "schema"},
      {"(\"comment\"\\s*:\\s*)\"[^\"]*\"", "comment"},
      {"(\"flags\"\\s*:\\s*\\[\\s*)\"[^\"]*\"", "flags"},
      {"(\"classes\"\\s*:\\s*\\[\\s*)\"[^\"]*\"", "classes"},
      {"(\"shape\"\\s*:\\s*\\[\\s*)[0-9]+", "inputs.q.shape"},
      {"(\"shape\"\\s*:\\s*)\\[[^]]*\\]", "inputs.q.shape"},
      {"(\"key\"\\s*:\\s*\\[\\s*)\"[^\"]*\"", "inputs.q.gen.key"},
      {"(\"settings\"\\s*:\\s*)\\{[^}]*\\}", "mechanism.settings"},
      {"(\"expect\"\\s*:\\s*\\{\\s*\"out\"\\s*:\\s*)\\{[^{}]*\\}", "expect.out"},
    };
    for (String[] change : changes) {
      String message = refusal(copy, CASE, change[0], "$1null");
      assertTrue(message.contains("dense-f32.json"), message);
      assertTrue(message.contains(change[1]), message);
    }
  }

  @Test
  void a_null_in_the_list_of_cases_is_named_by_its_place() throws IOException {
    Path copy = GoldenFolder.copy(temporary.resolve("v1"));
    String[][] changes = {
      {"(\"schema\"\\s*:\\s*)\"[^\"]*\"", "schema"},
      {"(\"file\"\\s*:\\s*)\"[^\"]*\"", "cases."},
      {"(\"links\"\\s*:\\s*)\\[[^]]*\\]", "flags."},
      {"(?s)(\"flags\"\\s*:\\s*)\\{.*\\}(?=\\s*\\}\\s*$)", "flags"},
    };
    for (String[] change : changes) {
      String message = refusal(copy, "suite.json", change[0], "$1null");
      assertTrue(message.contains("suite.json"), message);
      assertTrue(message.contains(change[1]), message);
    }
  }

  @Test
  void a_file_that_says_null_is_refused() throws IOException {
    Path copy = GoldenFolder.copy(temporary.resolve("v1"));
    String everything = "(?s)^.*$";
    String message = refusal(copy, CASE, everything, Matcher.quoteReplacement("null"));
    assertTrue(message.contains("dense-f32.json"), message);
    assertEquals(1, message.lines().count());
  }
}
