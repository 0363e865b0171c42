package dev.assay.gradcheck.mutant;

/** The logits: each method is a line of the plain kernel that a mutant may replace. */
class ScoreLines {
  /** q . k in the kernel's order. */
  float dot(Form form, float[] q, int qAt, float[] k, int kAt, int depth) {
    return form.dot(q, qAt, k, kAt, depth);
  }

  float scaled(float dot, float scale, int channels) {
    return dot * scale;
  }

  float capped(float s, float cap) {
    return cap * (float) StrictMath.tanh(s / cap);
  }

  /** Derivative of the cap where it gave {@code capped}. */
  float slope(float capped, float cap) {
    return 1 - capped / cap * (capped / cap);
  }

  float biased(float s, float bias, float scale) {
    return s + bias;
  }

  /** A key that is listed several times weighs as often. */
  float counted(float s, int count) {
    return count == 1 ? s : s + (float) StrictMath.log(count);
  }
}
