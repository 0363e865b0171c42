package dev.assay.cli;

/** Ways to write an answer. */
enum Format {
  TEXT,
  JSON
}
