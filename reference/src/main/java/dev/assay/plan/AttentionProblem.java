package dev.assay.plan;

import dev.assay.check.Require;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Softmax attention over given tensors: {@code s_ij = softcap(scale q_i . k_j) + bias_ij}, over the
 * keys j that the predicates allow for query i; {@code L_i = log sum_j exp s_ij}, {@code p_ij =
 * exp(s_ij - L_i)}, {@code out_i = sum_j keep_ij / (1 - rate) p_ij v_j}.
 *
 * <p>Shapes: q [B, H, n_q, d], k [B, H_kv, n_k, d], v [B, H_kv, n_k, d_v]; H is a multiple of H_kv
 * and query head h reads key head floor(h / (H / H_kv)). With {@link Paging} k and v are pools of
 * pages [P, H_kv, page, d]. With {@link Ragged} B is 1 and the sequences lie one behind the other.
 *
 * <p>Key j is allowed for query i of batch entry b iff both lie within their lengths, the boolean
 * mask is true, the bias is not -inf, and, with the query's position {@code p = i + offset_b}:
 * {@code j <= p} if causal, and {@code p - left <= j <= p + right} if there is a window. The
 * default offset is keyLength_b - queryLength_b (bottom-right alignment). An empty row gives out 0,
 * L = -inf, and no gradient.
 *
 * <p>Made by {@link #of} and {@link ProblemBuilder}; validated once.
 */
public final class AttentionProblem {
  private final ProblemBuilder spec;
  private final Tensor q;
  private final Tensor k;
  private final Tensor v;
  private final int[] offset;
  private final int[] queryLengths;
  private final int[] keyLengths;
  private final @Nullable Broadcaster mask;
  private final @Nullable Broadcaster bias;
  private final @Nullable Broadcaster dropoutKeep;
  private final double dropoutFactor;

  AttentionProblem(ProblemBuilder spec) {
    this.spec = spec;
    this.q = spec.q;
    this.k = spec.k;
    this.v = spec.v;
    ProblemRules.check(spec);
    int sequences = spec.sequences();
    this.queryLengths =
        spec.ragged != null
            ? spec.ragged.queryLengths()
            : filled(spec.queryLengths, sequences, queries());
    this.keyLengths =
        spec.ragged != null ? spec.ragged.keyLengths() : filled(spec.keyLengths, sequences, keys());
    this.offset = new int[sequences];
    for (int b = 0; b < sequences; b++) {
      offset[b] = spec.offset != null ? spec.offset[b] : keyLengths[b] - queryLengths[b];
    }
    this.mask = Broadcaster.orNull(spec.mask);
    this.bias = Broadcaster.orNull(spec.bias);
    this.dropoutKeep = Broadcaster.orNull(spec.dropoutKeep);
    this.dropoutFactor = 1 / (1 - spec.dropoutRate);
  }

  /** Starts a problem: no mask, scale 1/sqrt(d). */
  public static ProblemBuilder of(Tensor q, Tensor k, Tensor v) {
    return new ProblemBuilder(q, k, v);
  }

  private static int[] filled(int @Nullable [] given, int length, int value) {
    if (given != null) {
      return given.clone();
    }
    int[] all = new int[length];
    Arrays.fill(all, value);
    return all;
  }

  /** Starts another problem with the same predicates and numbers, but other tensors. */
  public ProblemBuilder with(
      Tensor otherQ, Tensor otherK, Tensor otherV, @Nullable Tensor otherBias) {
    ProblemBuilder copy = spec.copy(otherQ, otherK, otherV);
    copy.bias = otherBias;
    return copy;
  }

  /** Queries. */
  public Tensor q() {
    return q;
  }

  /** Keys, or the pool of key pages. */
  public Tensor k() {
    return k;
  }

  /** Values, or the pool of value pages. */
  public Tensor v() {
    return v;
  }

  /** Factor of q . k. */
  public double scale() {
    return spec.scale;
  }

  /** Cap c of c tanh(s / c), or 0 for none. */
  public double softcap() {
    return spec.softcap;
  }

  /** Whether keys after the query's position are excluded. */
  public boolean causal() {
    return spec.causal;
  }

  /** The window, or null for none. */
  public @Nullable Window window() {
    return spec.window;
  }

  /** Additive bias, broadcastable to [B, H, n_q, n_k], or null. */
  public @Nullable Tensor bias() {
    return spec.bias;
  }

  /** Boolean mask (1 = allowed), broadcastable to [B, H, n_q, n_k], or null. */
  public @Nullable Tensor mask() {
    return spec.mask;
  }

  /** Given dropout mask (1 = kept), broadcastable to [B, H, n_q, n_k], or null. */
  public @Nullable Tensor dropoutKeep() {
    return spec.dropoutKeep;
  }

  /** The rate that the dropout mask was drawn with; 0 without dropout. */
  public double dropoutRate() {
    return spec.dropoutRate;
  }

  /** The packing of sequences, or null. */
  public @Nullable Ragged ragged() {
    return spec.ragged;
  }

  /** The page table, or null. */
  public @Nullable Paging paging() {
    return spec.paging;
  }

  /** B: batch entries (1 if ragged). */
  public int batches() {
    return q.shape().extent(0);
  }

  /** H: query heads. */
  public int heads() {
    return q.shape().extent(1);
  }

  /** H_kv: key and value heads. */
  public int kvHeads() {
    return k.shape().extent(1);
  }

  /** The key head that a query head reads. */
  public int kvHead(int h) {
    return h / (heads() / kvHeads());
  }

  /** n_q: query rows of a batch entry, all sequences together if ragged. */
  public int queries() {
    return q.shape().extent(2);
  }

  /**
   * n_k: key positions of a batch entry; with pages the positions that a full table row would hold.
   */
  public int keys() {
    return spec.paging != null ? spec.paging.positions() : k.shape().extent(2);
  }

  /** d: channels of a query and a key. */
  public int depth() {
    return q.shape().extent(3);
  }

  /** d_v: channels of a value. */
  public int valueDepth() {
    return v.shape().extent(3);
  }

  /** Shape of the output, [B, H, n_q, d_v]. */
  public Shape outShape() {
    return Shape.of(batches(), heads(), queries(), valueDepth());
  }

  /** Shape of the LSE, [B, H, n_q]. */
  public Shape lseShape() {
    return Shape.of(batches(), heads(), queries());
  }

  /** Position of a query relative to the keys is i + offset; one for each sequence. */
  public int offset(int sequence) {
    return offset[sequence];
  }

  /** Valid query rows of a sequence. */
  public int queryLength(int sequence) {
    return queryLengths[sequence];
  }

  /** Valid keys of a sequence. */
  public int keyLength(int sequence) {
    return keyLengths[sequence];
  }

  /**
   * First and last allowed key of a query by lengths, causality and window alone, as {first, last +
   * 1}.
   */
  public int[] keyRange(int b, int i) {
    int sequence = spec.ragged != null ? spec.ragged.sequenceOfQuery(i) : b;
    int firstQuery = spec.ragged != null ? spec.ragged.cuQueries()[sequence] : 0;
    int firstKey = spec.ragged != null ? spec.ragged.cuKeys()[sequence] : 0;
    int local = i - firstQuery;
    if (local >= queryLengths[sequence]) {
      return new int[] {0, 0};
    }
    long position = (long) local + offset[sequence];
    long from = 0;
    long to = keyLengths[sequence];
    if (spec.causal) {
      to = Math.min(to, position + 1);
    }
    Window window = spec.window;
    if (window != null && window.left() >= 0) {
      from = Math.max(from, position - window.left());
    }
    if (window != null && window.right() >= 0) {
      to = Math.min(to, position + window.right() + 1);
    }
    return from >= to ? new int[] {0, 0} : new int[] {firstKey + (int) from, firstKey + (int) to};
  }

  /**
   * Whether query i of batch entry b and head h may see key j: every predicate of the problem, none
   * of the plan.
   */
  public boolean allows(int b, int h, int i, int j) {
    int[] range = keyRange(b, i);
    return j >= range[0] && j < range[1] && admits(b, h, i, j);
  }

  /** The part of {@link #allows} that is not a range of keys: boolean mask and -inf in the bias. */
  public boolean admits(int b, int h, int i, int j) {
    return (mask == null || mask.at(b, h, i, j) != 0)
        && (bias == null || bias.at(b, h, i, j) != Double.NEGATIVE_INFINITY);
  }

  /** The additive bias of a pair, 0 if there is none. */
  public double biasAt(int b, int h, int i, int j) {
    return bias == null ? 0 : bias.at(b, h, i, j);
  }

  /** Position in the bias tensor of the entry that a pair reads; only if there is a bias. */
  public int biasPosition(int b, int h, int i, int j) {
    Require.state(bias != null, "the problem has no bias");
    return Objects.requireNonNull(bias).position(b, h, i, j);
  }

  /** 1/(1 - rate): what a kept pair's probability is multiplied by if there is dropout. */
  public double dropoutFactor() {
    return dropoutFactor;
  }

  /** Factor of a pair's probability in the output: 1, or 1/(1 - rate) if kept and 0 if dropped. */
  public double dropoutAt(int b, int h, int i, int j) {
    return dropoutKeep == null ? 1 : dropoutKeep.at(b, h, i, j) != 0 ? dropoutFactor : 0;
  }

  /**
   * Row number of a query in q seen as rows of d numbers; the same in out (of d_v) and in the LSE.
   */
  public int queryRow(int b, int h, int i) {
    return (b * heads() + h) * queries() + i;
  }

  /** Row number of a key in k seen as rows of d numbers, and of its value in v. */
  public int keyRow(int b, int kvHead, int j) {
    Paging paging = spec.paging;
    if (paging == null) {
      return (b * kvHeads() + kvHead) * k.shape().extent(2) + j;
    }
    return (paging.page(b, j) * kvHeads() + kvHead) * paging.pageSize() + j % paging.pageSize();
  }
}
