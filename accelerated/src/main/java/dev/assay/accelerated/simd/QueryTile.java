package dev.assay.accelerated.simd;

/**
 * The tile of Q and of dO that a step of the backward reads, as they are and with 0 for what is not
 * finite.
 */
final class QueryTile {
  private final Factor qs;
  private final Factor dOuts;
  private final Matrix qWindow = Matrix.window();
  private final Matrix dOutWindow = Matrix.window();
  private final Matrix q;
  private final float scale;
  private final Matrix dOutCopy;
  private final Matrix finiteQCopy;
  private final Matrix finiteDOutCopy;
  private Matrix dOut;
  private Matrix finiteQ;
  private Matrix finiteDOut;
  private boolean poisonedQ;
  private boolean poisonedDOut;

  /** For a factor of Q. */
  QueryTile(BackwardInputs inputs, float scale) {
    this.scale = scale;
    this.qs = inputs.q();
    this.dOuts = inputs.dOut();
    int depth = qs.rows().width();
    int channels = dOuts.rows().width();
    this.finiteQCopy = Matrix.scratch(depth);
    this.dOutCopy = Matrix.scratch(channels);
    this.finiteDOutCopy = Matrix.scratch(channels);
    this.q = Matrix.scratch(depth);
    this.finiteQ = finiteQCopy;
    this.dOut = dOutCopy;
    this.finiteDOut = dOutCopy;
  }

  /** Moves to the queries of a pair of tiles. */
  void load(Place place) {
    Span span = place.span();
    int head = place.head();
    int tile = place.queryTile();
    qs.rows().load(span, head, tile, q, scale);
    poisonedQ = qs.poisoned(span, head, tile);
    finiteQ = qs.read(span, head, tile, qWindow, finiteQCopy);
    dOut = dOuts.rows().read(span, head, tile, dOutWindow, dOutCopy);
    poisonedDOut = dOuts.poisoned(span, head, tile);
    finiteDOut = poisonedDOut ? dOuts.load(span, head, tile, finiteDOutCopy, 1) : dOut;
  }

  /**
   * Q times its factor: rounded like this in the forward, too, so that both mean the same logits.
   */
  Matrix q() {
    return q;
  }

  /** dO as it is. */
  Matrix dOut() {
    return dOut;
  }

  /** Q with 0 for what is not finite. */
  Matrix finiteQ() {
    return finiteQ;
  }

  /** dO with 0 for what is not finite. */
  Matrix finiteDOut() {
    return finiteDOut;
  }

  boolean poisonedQ() {
    return poisonedQ;
  }

  boolean poisonedDOut() {
    return poisonedDOut;
  }

  boolean poisoned() {
    return poisonedQ || poisonedDOut;
  }
}
