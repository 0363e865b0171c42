package dev.assay.layout;

/** What a layout may or may not be able to say. */
public enum Ability {
  FULL("tell FULL blocks from PARTIAL ones"),
  BITS("say which pairs within a block exist"),
  HEADS("hold a map for each head"),
  BATCH("hold a map for each batch entry"),
  UNEQUAL_COUNTS("hold maps with different numbers of blocks"),
  UNEQUAL_QUERIES("hold blocks of queries of different sizes"),
  UNEQUAL_KEYS("hold blocks of keys of different sizes"),
  RAGGED_QUERIES("hold a last block of queries that is shorter"),
  RAGGED_KEYS("hold a last block of keys that is shorter"),
  RECTANGLES("hold blocks with more queries than keys, or fewer");

  private final String phrase;

  Ability(String phrase) {
    this.phrase = phrase;
  }

  /** In words, to be read after 'can' or 'cannot'. */
  public String phrase() {
    return phrase;
  }
}
