package dev.assay.gradcheck.suite;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code relations.json}: results of which cases belong together, and how. It is written
 * by hand.
 *
 * @param schema {@value #SCHEMA}
 * @param relations all of them
 */
public record RelationsDocument(String schema, List<Relation> relations) {
  /** The identifier of this form of document. */
  public static final String SCHEMA = "assay-relations-1";

  /** Name of the file. */
  public static final String FILE = "relations.json";

  /**
   * Two cases whose results are functions of each other.
   *
   * @param name of the relation
   * @param reason why it holds, in a sentence
   * @param left a case
   * @param right another case, or the same
   * @param holds how well
   * @param maps what each result of the right case is, of the left one's
   */
  public record Relation(
      String name, String reason, String left, String right, Holds holds, List<Link> maps) {}

  /** How well a relation must hold. */
  public enum Holds {
    /** Bit for bit, but for the sign of a zero and the payload of a NaN. */
    BITS,
    /** Within the sum of the two bounds. */
    BOUNDS
  }

  /**
   * {@code right = times left + plus}, element by element.
   *
   * @param tensor a result of both
   * @param take the places of an axis that are compared, or null for all of both tensors
   * @param times hexadecimal float
   * @param plus hexadecimal float
   */
  public record Link(String tensor, @Nullable Take take, String times, String plus) {}

  /**
   * Places of an axis.
   *
   * @param axis which one
   * @param left places in the left tensor
   * @param right as many in the right one
   */
  public record Take(int axis, List<Integer> left, List<Integer> right) {}
}
