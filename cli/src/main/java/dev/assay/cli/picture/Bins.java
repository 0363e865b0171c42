package dev.assay.cli.picture;

import dev.assay.check.Require;

/**
 * Tokens spread over cells of nearly equal size.
 *
 * @param tokens how many there are
 * @param cells how many cells, at most one for each token
 */
record Bins(int tokens, int cells) {
  /** One cell a token, or as many as are allowed. */
  static Bins of(int tokens, int most) {
    Require.positive(most, "cells");
    return new Bins(tokens, Math.min(tokens, most));
  }

  /** The cell of a token. */
  int cell(int token) {
    return (int) ((long) token * cells / tokens);
  }

  /** The first token of a cell; the one behind the last cell begins behind the last token. */
  int first(int cell) {
    return (int) Math.ceilDiv((long) cell * tokens, cells);
  }

  /** Tokens in a cell. */
  int size(int cell) {
    return first(cell + 1) - first(cell);
  }
}
