package dev.assay.gradcheck.mutant;

/** Which pairs count: each method is a line of the plain kernel that a mutant may replace. */
class MaskLines {
  /** Where a query stands among the keys of its sequence. */
  int position(int i, int offset) {
    return i + offset;
  }

  /** Valid keys of a sequence. */
  int keyLength(int[] lengths, int sequence) {
    return lengths[sequence];
  }

  /** Whether the query row is within its sequence's length. */
  boolean validQuery(int i, int length) {
    return i < length;
  }

  /** Whether a key is not of an earlier sequence. */
  boolean begun(int j) {
    return j >= 0;
  }

  /** Whether a key lies before the end of its block and of its sequence. */
  boolean tail(int j, int end) {
    return j < end;
  }

  boolean causal(int j, int position) {
    return j <= position;
  }

  boolean windowLeft(int j, int position, int left) {
    return j >= position - left;
  }

  boolean windowRight(int j, int position, int right) {
    return j <= position + right;
  }

  /** Whether a tile that ends at {@code end} holds no key that a predicate takes away. */
  boolean whole(int from, int end, int firstAllowed, int endAllowed) {
    return from >= firstAllowed && end <= endAllowed;
  }

  /** What the boolean mask says. */
  boolean unmasked(float mask) {
    return mask != 0;
  }

  /** The logit of entry e of a row where its pair does not count. */
  float masked(PlainRow row, int e) {
    return Float.NEGATIVE_INFINITY;
  }

  /** Whether a pair's value is not read. */
  boolean skips(float s) {
    return s == Float.NEGATIVE_INFINITY;
  }
}
