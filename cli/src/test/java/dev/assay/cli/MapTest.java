package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A map that is wrong is worse than none. */
class MapTest {
  private static final Path ROOT = Path.of("..");

  @Test
  void every_package_is_on_the_map() throws IOException {
    String map = map();
    List<String> missing =
        House.packages().stream().filter(name -> !map.contains("`" + name + "`")).toList();
    assertEquals(List.of(), missing, "packages that docs/map.md does not show");
  }

  @Test
  void every_path_on_the_map_exists() throws IOException {
    List<String> paths =
        Pattern.compile("`([^`]*/[^`]*|pom\\.xml|[A-Z]+\\.md)`")
            .matcher(map())
            .results()
            .map(MatchResult::group)
            .map(quoted -> quoted.replace("`", ""))
            .toList();
    assertTrue(paths.size() > 10, "the map names only " + paths);
    assertEquals(
        List.of(), paths.stream().filter(path -> !Files.exists(ROOT.resolve(path))).toList());
  }

  private static String map() throws IOException {
    return Files.readString(ROOT.resolve("docs/map.md"));
  }
}
