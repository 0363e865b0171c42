package dev.assay.gradcheck.mutant;

import dev.assay.tensor.DType;

/** The gradients: each method is a line of the plain kernel that a mutant may replace. */
class BackwardLines {
  /** Whether the row has no key. */
  boolean empty(float lse) {
    return lse == Float.NEGATIVE_INFINITY;
  }

  /** Where the cotangent of a row begins. */
  int cotangent(int row, int width) {
    return row * width;
  }

  float delta(float rowDot, float dLse) {
    return rowDot - dLse;
  }

  float rowDot(Form form, float[] dOut, int from, float[] out, int outFrom, int channels) {
    return form.dot(dOut, from, out, outFrom, channels);
  }

  /** Whether a pair that the forward met counts here too. */
  boolean counts(boolean allowed, int j, int position) {
    return allowed;
  }

  /** The probability again, from the LSE. */
  float again(float s, float lse) {
    return (float) StrictMath.exp(s - lse);
  }

  float dP(float dot, float keep) {
    return dot * keep;
  }

  /** The weight by which a cotangent goes to the value. */
  float dropped(float p, float keep) {
    return p * keep;
  }

  float dS(float p, float dP, float delta) {
    return p * (dP - delta);
  }

  float sloped(float dS, float slope) {
    return dS * slope;
  }

  /** dS as it multiplies keys and queries. */
  float stored(float dS, DType storage) {
    return (float) storage.round(dS);
  }

  float intoQ(float sum, float term, boolean firstOfTile) {
    return sum + term;
  }

  float intoK(float sum, float term, int headOfGroup) {
    return sum + term;
  }

  float intoV(float sum, float term, boolean lastKey, int headOfGroup) {
    return sum + term;
  }

  float intoBias(float sum, float dS) {
    return sum + dS;
  }

  float scaledQ(float sum, float scale) {
    return sum * scale;
  }

  float scaledK(float sum, float scale) {
    return sum * scale;
  }
}
