package dev.assay.gradcheck.conformance;

import dev.assay.check.Require;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.Suite;
import java.util.List;
import java.util.regex.Pattern;

/** Chooses cases by name: {@code *} stands for any text, {@code ?} for one character. */
public final class CaseFilter {
  private final String glob;
  private final Pattern pattern;

  /** A filter; {@code *} lets every case pass. */
  public CaseFilter(String glob) {
    this.glob = glob;
    StringBuilder regex = new StringBuilder();
    glob.chars()
        .mapToObj(Character::toString)
        .map(c -> c.equals("*") ? ".*" : c.equals("?") ? "." : Pattern.quote(c))
        .forEach(regex::append);
    this.pattern = Pattern.compile(regex.toString());
  }

  /**
   * The chosen cases of a suite, recipes among them.
   *
   * @throws IllegalArgumentException if there is none
   */
  public List<GoldenCase> of(Suite suite) {
    List<GoldenCase> chosen =
        suite.judged().stream().filter(one -> pattern.matcher(one.name()).matches()).toList();
    Require.argument(
        !chosen.isEmpty(),
        "no case of the suite is called %s: names are like %s, and * stands for any text",
        glob,
        suite.cases().isEmpty() ? "family/case" : suite.cases().getFirst().name());
    return chosen;
  }
}
