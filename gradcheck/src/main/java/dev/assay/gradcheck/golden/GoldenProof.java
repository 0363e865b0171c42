package dev.assay.gradcheck.golden;

import dev.assay.gradcheck.suite.Checksums;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A suite against a fresh one.
 *
 * @param counts how much of the fresh one is proven
 * @param differences a sentence for each file that differs; empty if the suite is proven
 */
public record GoldenProof(ProofCounts counts, List<String> differences) {
  /** A sentence for each file in which the suite differs from a fresh one. */
  static List<String> differences(Path suite, Path fresh) throws IOException {
    Map<String, Path> found = Checksums.files(suite);
    Map<String, Path> expected = Checksums.files(fresh);
    TreeSet<String> names = new TreeSet<>(found.keySet());
    names.addAll(expected.keySet());
    List<String> differences = new ArrayList<>();
    for (String name : names) {
      compare(name, found.get(name), expected.get(name), differences);
    }
    compare(
        Checksums.FILE, suite.resolve(Checksums.FILE), fresh.resolve(Checksums.FILE), differences);
    return differences;
  }

  private static void compare(
      String name, @Nullable Path found, @Nullable Path expected, List<String> differences)
      throws IOException {
    if (found == null || !Files.exists(found)) {
      differences.add(name + " is missing");
    } else if (expected == null) {
      differences.add(name + " belongs to no case");
    } else {
      long at = Files.mismatch(found, expected);
      if (at >= 0) {
        differences.add(name + " differs from what is proven, first at byte " + at);
      }
    }
  }
}
