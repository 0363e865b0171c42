package dev.assay.gradcheck.bound;

/**
 * What an implementation openly does in a way that costs accuracy beyond its class.
 *
 * @param scaleInQuery it multiplies queries by the scale and stores them before they meet the keys
 * @param joinByLse it normalises the parts of a row and then joins all of them at once, each with
 *     the weight exp(LSE of the part - LSE of the row)
 */
public record Declared(boolean scaleInQuery, boolean joinByLse) {
  /** Nothing of that kind. */
  public static final Declared NOTHING = new Declared(false, false);
}
