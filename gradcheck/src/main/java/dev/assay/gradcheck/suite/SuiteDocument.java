package dev.assay.gradcheck.suite;

import java.util.List;
import java.util.SequencedMap;

/**
 * The file {@code suite.json}: what the suite is, which cases it has, and what their flags mean.
 *
 * @param schema {@value #SCHEMA}
 * @param id of the suite
 * @param version of its files
 * @param licence of its files
 * @param schemas identifiers of the documents' forms
 * @param counts cases: all, by result, by family
 * @param classes names of the classes of precision
 * @param cases where each lies by name, in the order of their numbers
 * @param recipes where the cases lie that are too large to store, in the same way
 * @param flags the dictionary
 */
public record SuiteDocument(
    String schema,
    String id,
    String version,
    String licence,
    List<String> schemas,
    Counts counts,
    List<String> classes,
    SequencedMap<String, Entry> cases,
    SequencedMap<String, Entry> recipes,
    SequencedMap<String, Note> flags) {
  /** The identifier of this form of document. */
  public static final String SCHEMA = "assay-suite-1";

  /**
   * How many cases there are. The other counts are of those that are stored.
   *
   * @param cases all that are stored
   * @param recipes those that are too large to store
   * @param result by what is expected
   * @param family by family
   */
  public record Counts(
      int cases,
      int recipes,
      SequencedMap<String, Integer> result,
      SequencedMap<String, Integer> family) {}

  /**
   * Where a case lies.
   *
   * @param tcId its number
   * @param file path of its two files, relative to suite.json, without their endings
   */
  public record Entry(int tcId, String file) {}

  /** A {@link Flag} without its name, which is the key. */
  public record Note(String description, String bugClass, String effect, List<String> links) {
    /** The flag of that name. */
    public Flag named(String name) {
      return new Flag(name, description, bugClass, effect, links);
    }
  }
}
