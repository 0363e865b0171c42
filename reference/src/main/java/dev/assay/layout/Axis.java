package dev.assay.layout;

/** The two sides of a mask, and how the command line names their sizes. */
enum Axis {
  QUERIES("queries", "--block-q", "--q"),
  KEYS("keys", "--block-k", "--k");

  private final String word;
  private final String sizeOption;
  private final String lengthOption;

  Axis(String word, String sizeOption, String lengthOption) {
    this.word = word;
    this.sizeOption = sizeOption;
    this.lengthOption = lengthOption;
  }

  String word() {
    return word;
  }

  String sizeOption() {
    return sizeOption;
  }

  String lengthOption() {
    return lengthOption;
  }
}
