package dev.assay.plan;

import dev.assay.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Collects the parts of an {@link AttentionProblem}; {@link #build} checks them together. */
public final class ProblemBuilder {
  final Tensor q;
  final Tensor k;
  final Tensor v;
  double scale;
  double softcap;
  boolean causal;
  int @Nullable [] offset;
  @Nullable Window window;
  int @Nullable [] queryLengths;
  int @Nullable [] keyLengths;
  @Nullable Tensor mask;
  @Nullable Tensor bias;
  @Nullable Tensor dropoutKeep;
  double dropoutRate;
  @Nullable Ragged ragged;
  @Nullable Paging paging;

  ProblemBuilder(Tensor q, Tensor k, Tensor v) {
    this.q = q;
    this.k = k;
    this.v = v;
    this.scale = q.shape().rank() == 4 ? 1 / Math.sqrt(q.shape().extent(3)) : 1;
  }

  ProblemBuilder copy(Tensor otherQ, Tensor otherK, Tensor otherV) {
    ProblemBuilder copy = new ProblemBuilder(otherQ, otherK, otherV);
    copy.scale = scale;
    copy.softcap = softcap;
    copy.causal = causal;
    copy.offset = offset;
    copy.window = window;
    copy.queryLengths = queryLengths;
    copy.keyLengths = keyLengths;
    copy.mask = mask;
    copy.bias = bias;
    copy.dropoutKeep = dropoutKeep;
    copy.dropoutRate = dropoutRate;
    copy.ragged = ragged;
    copy.paging = paging;
    return copy;
  }

  /** Factor of q . k instead of 1/sqrt(d). */
  public ProblemBuilder scale(double factor) {
    this.scale = factor;
    return this;
  }

  /** The factor of q . k as settings of mechanisms say it: 0 leaves it as it is, 1/sqrt(d). */
  public ProblemBuilder givenScale(double factor) {
    return factor == 0 ? this : scale(factor);
  }

  /** Caps logits smoothly: c tanh(s / c), before bias and masks; 0 for none. */
  public ProblemBuilder softcap(double cap) {
    this.softcap = cap;
    return this;
  }

  /** Excludes keys after the query's position. */
  public ProblemBuilder causal(boolean on) {
    this.causal = on;
    return this;
  }

  /**
   * Position of query 0 among the keys, one for each sequence; null for keyLength - queryLength.
   */
  public ProblemBuilder offset(int @Nullable ... perSequence) {
    this.offset = perSequence == null ? null : perSequence.clone();
    return this;
  }

  /** Restricts keys to a window around the query's position; null for none. */
  public ProblemBuilder window(@Nullable Window restriction) {
    this.window = restriction;
    return this;
  }

  /** Valid query rows of each batch entry; rows behind them are empty. */
  public ProblemBuilder queryLengths(int @Nullable ... lengths) {
    this.queryLengths = lengths == null ? null : lengths.clone();
    return this;
  }

  /** Valid keys of each batch entry; what lies behind them is never read into a result. */
  public ProblemBuilder keyLengths(int @Nullable ... lengths) {
    this.keyLengths = lengths == null ? null : lengths.clone();
    return this;
  }

  /** Boolean mask, 1 = allowed, broadcastable to [B, H, n_q, n_k]. */
  public ProblemBuilder mask(@Nullable Tensor allowed) {
    this.mask = allowed;
    return this;
  }

  /** Additive bias, broadcastable to [B, H, n_q, n_k]; -inf excludes a pair. */
  public ProblemBuilder bias(@Nullable Tensor additive) {
    this.bias = additive;
    return this;
  }

  /**
   * A given dropout mask, 1 = kept, and the rate it was drawn with: kept pairs weigh 1/(1 - rate).
   */
  public ProblemBuilder dropout(@Nullable Tensor keep, double rate) {
    this.dropoutKeep = keep;
    this.dropoutRate = rate;
    return this;
  }

  /** Several sequences of different lengths, packed one behind the other. */
  public ProblemBuilder ragged(@Nullable Ragged packing) {
    this.ragged = packing;
    return this;
  }

  /** Keys and values lie in pages. */
  public ProblemBuilder paging(@Nullable Paging table) {
    this.paging = table;
    return this;
  }

  int sequences() {
    return ragged != null ? ragged.sequences() : q.shape().extent(0);
  }

  /**
   * The checked problem.
   *
   * @throws IllegalArgumentException with one sentence, if the parts do not fit together
   */
  public AttentionProblem build() {
    return new AttentionProblem(copy(q, k, v));
  }
}
