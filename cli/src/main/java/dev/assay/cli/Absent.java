package dev.assay.cli;

/** A thing that was asked for by name is not here; the message says so and gives the remedy. */
final class Absent extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Absent(String sentence) {
    super(sentence);
  }
}
