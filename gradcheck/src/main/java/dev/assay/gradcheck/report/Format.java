package dev.assay.gradcheck.report;

import dev.assay.gradcheck.verdict.RunVerdict;

/** The formats in which a verdict can be had. */
public enum Format {
  /** For people. */
  TEXT,
  /** One document, described by {@code report.schema.json} beside this class. */
  JSON,
  /** JUnit's XML: a test case for each tensor of each case. */
  JUNIT,
  /** Lines that GitHub shows beside a commit. */
  GITHUB,
  /** One page for a browser, without a network: search, heat maps, histograms. */
  HTML;

  /** The verdict in this format, with a line feed at its end. */
  public String write(RunVerdict verdict) {
    return switch (this) {
      case TEXT -> TextReport.of(verdict);
      case JSON -> JsonReport.of(verdict);
      case JUNIT -> JunitReport.of(verdict);
      case GITHUB -> GithubReport.of(verdict);
      case HTML -> HtmlReport.of(verdict);
    };
  }
}
