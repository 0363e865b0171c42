package dev.assay.gradcheck.suite;

import java.util.List;
import java.util.SequencedMap;

/**
 * The file {@code selections.json}: of each case that chooses the best by score, what was compared
 * in each row and which answers are right. Scores are hexadecimal floats.
 *
 * @param schema {@value #SCHEMA}
 * @param cases by name
 */
public record SelectionsDocument(String schema, SequencedMap<String, Choice> cases) {
  /** The identifier of this form of document. */
  public static final String SCHEMA = "assay-selections-1";

  /** Name of the file. */
  public static final String FILE = "selections.json";

  /**
   * The choice of a case.
   *
   * @param tensor of {@code expect} that holds it
   * @param rows one for each list that is chosen, in row-major order
   */
  public record Choice(String tensor, List<Row> rows) {}

  /**
   * One list.
   *
   * @param at batch entry, group of heads, row of queries
   * @param chosen the right list in exact arithmetic, ascending
   * @param last the lowest score that was taken; Infinity if all that was taken was forced
   * @param next the highest score that was not taken; -Infinity if none was left
   * @param gap last - next; Infinity if one of them does not exist
   * @param answers by class all right lists, of the classes that have more than one
   */
  public record Row(
      List<Integer> at,
      List<Integer> chosen,
      String last,
      String next,
      String gap,
      SequencedMap<String, List<List<Integer>>> answers) {}
}
