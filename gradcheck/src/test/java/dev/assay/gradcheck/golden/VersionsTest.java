package dev.assay.gradcheck.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.gradcheck.suite.Checksums;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.Suite;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What is published does not change without a line that says so. */
class VersionsTest {
  private static final String CHANGES = GoldenFolder.text("CHANGELOG.md");
  private static final Pattern ERRATUM =
      Pattern.compile(
          "(?m)^ *erratum (\\d+) ([a-z0-9/-]+) (\\w+) ([0-9a-f]{64}) ([0-9a-f]{64}): \\S.*$");

  /** However it is written: what is no erratum by the rules must not be overlooked. */
  private static final Pattern MENTIONED = Pattern.compile("(?i)\\berratum\\W+\\d");

  private static Suite suite() throws IOException {
    return Suite.load(GoldenFolder.SOURCE);
  }

  @Test
  void the_version_of_the_suite_is_the_last_one_of_the_changelog() throws IOException {
    List<MatchResult> versions =
        Pattern.compile("(?m)^## (\\S+)$").matcher(CHANGES).results().toList();
    assertFalse(versions.isEmpty());
    assertEquals(suite().version(), versions.getLast().group(1));
  }

  @Test
  void the_list_of_digests_names_every_file_and_no_other() throws IOException {
    assertEquals(
        Checksums.files(GoldenFolder.SOURCE).keySet(),
        Map.copyOf(Checksums.read(GoldenFolder.SOURCE)).keySet());
    Checksums.check(GoldenFolder.SOURCE);
  }

  @Test
  void numbers_that_were_withdrawn_are_not_used_again() throws IOException {
    List<MatchResult> withdrawn =
        Pattern.compile("(?m)^ *withdrawn (\\d+) \\S+$").matcher(CHANGES).results().toList();
    assertFalse(withdrawn.isEmpty());
    List<Integer> used = suite().cases().stream().map(GoldenCase::tcId).toList();
    withdrawn.forEach(
        one -> assertFalse(used.contains(Integer.valueOf(one.group(1))), one.group()));
  }

  @Test
  void an_erratum_names_a_case_a_tensor_and_the_digest_that_it_has_now() throws IOException {
    long lines = MENTIONED.matcher(CHANGES).results().count();
    List<MatchResult> errata = ERRATUM.matcher(CHANGES).results().toList();
    assertEquals(lines, errata.size(), "errata that are no line of their own, or lack a part");
    for (MatchResult one : errata) {
      GoldenCase golden = suite().find(one.group(2));
      assertEquals(Integer.parseInt(one.group(1)), golden.tcId());
      String described = GoldenFolder.text(CaseFiles.stem(golden) + ".json");
      assertTrue(described.contains(one.group(5)), one.group());
    }
    String digest = "0".repeat(64);
    String line = "erratum 1 a/b out " + digest + " " + digest + ": why";
    for (String before : List.of("", "    ")) {
      assertTrue(ERRATUM.matcher(before + line).find(), before);
    }
    for (String before : List.of("", "    ", "* ", "* `", "An ")) {
      assertTrue(MENTIONED.matcher(before + line).find(), before);
    }
  }
}
