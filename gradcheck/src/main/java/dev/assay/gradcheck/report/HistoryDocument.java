package dev.assay.gradcheck.report;

import dev.assay.gradcheck.gate.GateLine;
import dev.assay.gradcheck.verdict.Status;
import java.util.List;
import java.util.SequencedMap;

/**
 * One run as a history keeps it: of each case no more than what the next run is held against.
 * {@code history.schema.json} describes the file.
 *
 * @param schema {@value #SCHEMA}
 * @param suite id and version of the suite
 * @param at when it ended, as {@code 2027-03-31T12:00:00.123Z}
 * @param subjects what was judged
 */
record HistoryDocument(String schema, String suite, String at, List<Subject> subjects) {
  static final String SCHEMA = "assay-history-1";

  /**
   * One implementation in one class.
   *
   * @param subject the folder of its results, as it was named
   * @param precision id of the class
   * @param cases its cases by name
   * @param gates its lines of the gates over all cases
   */
  record Subject(
      String subject, String precision, SequencedMap<String, Told> cases, List<GateLine> gates) {}

  /**
   * What was said of a case.
   *
   * @param status its status
   * @param tensors its compared tensors by name
   */
  record Told(Status status, SequencedMap<String, Errors> tensors) {}

  /**
   * The errors of a tensor.
   *
   * @param failing how many elements are outside their bounds
   * @param tightness largest error in units of the bound
   */
  record Errors(int failing, double tightness) {}
}
