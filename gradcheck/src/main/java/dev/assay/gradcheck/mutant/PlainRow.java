package dev.assay.gradcheck.mutant;

import dev.assay.plan.Plan;
import java.util.Objects;

/** One query row of the plain kernel: its tiles, which of their pairs count, and the logits. */
final class PlainRow {
  private final KernelInputs in;
  private final Lines lines;
  private final Form form;
  private final RowTiles tiles;
  private int b;
  private int h;
  private int i;
  private int sequence;
  private int firstKey;
  private int position;
  private boolean valid;
  private int firstAllowed;
  private int endAllowed;

  PlainRow(KernelInputs in, Plan plan, Lines lines, Form form) {
    this.in = in;
    this.lines = lines;
    this.form = form;
    this.tiles = new RowTiles(in, plan, form);
  }

  RowTiles tiles() {
    return tiles;
  }

  /** Where the query stands among the keys of its sequence. */
  int position() {
    return position;
  }

  /** First key of the sequence. */
  int firstKey() {
    return firstKey;
  }

  /** Row of the query in q and out. */
  int row() {
    return in.queryRow(b, h, i);
  }

  /** Moves to query row i of batch entry b and head h. */
  void load(int batch, int head, int query) {
    this.b = batch;
    this.h = head;
    this.i = query;
    sequence = in.ragged == null ? b : in.ragged.sequenceOfQuery(i);
    firstKey = in.ragged == null ? 0 : in.ragged.cuKeys()[sequence];
    int local = in.ragged == null ? i : i - in.ragged.cuQueries()[sequence];
    position = lines.mask().position(local, in.offsets[sequence]);
    valid = lines.mask().validQuery(local, in.queryLengths[sequence]);
    int length = lines.mask().keyLength(in.keyLengths, sequence);
    firstAllowed = firstKey + (in.left < 0 ? 0 : Math.max(0, position - in.left));
    int last = in.causal ? Math.min(length, position + 1) : length;
    endAllowed = firstKey + (in.right < 0 ? last : Math.min(last, position + in.right + 1));
    if (valid) {
      tiles.load(b, h, i);
    }
  }

  /** Whether the row is one of its sequence's. */
  boolean valid() {
    return valid;
  }

  /** Whether the pair of entry e of a tile counts. */
  boolean allowed(int tile, int e) {
    int j = tiles.key(e);
    int from = tiles.key(tiles.begin(tile));
    int to = tiles.key(tiles.end(tile) - 1) + 1;
    int end = Math.min(endAllowed, tiles.bound(tile));
    return (lines.mask().whole(from, to, firstAllowed, end)
            || inRange(j - firstKey, tiles.bound(tile) - firstKey))
        && tiles.bit(e)
        && unmasked(j);
  }

  private boolean inRange(int j, int bound) {
    MaskLines mask = lines.mask();
    return mask.begun(j)
        && mask.tail(j, Math.min(bound, mask.keyLength(in.keyLengths, sequence)))
        && (!in.causal || mask.causal(j, position))
        && (in.left < 0 || mask.windowLeft(j, position, in.left))
        && (in.right < 0 || mask.windowRight(j, position, in.right));
  }

  /** The boolean mask, and a bias of -inf; what lies behind the tensors has neither. */
  private boolean unmasked(int j) {
    if (j >= in.keys) {
      return true;
    }
    return (in.mask == null || lines.mask().unmasked(in.mask.at(in.index, b, h, i, j)))
        && (in.bias == null || in.bias.at(in.index, b, h, i, j) != Float.NEGATIVE_INFINITY);
  }

  /** The logit of entry e; what lies behind the tensor is zero, as in a tile that was padded. */
  float logit(int e) {
    int j = tiles.key(e);
    if (j >= in.keys) {
      return 0;
    }
    float s = beforeBias(e);
    if (in.bias != null) {
      s = lines.score().biased(s, in.bias.at(in.index, b, h, i, j), in.scale);
    }
    return lines.score().counted(s, tiles.count(e));
  }

  private float beforeBias(int e) {
    int queryAt = in.index.start(row(), in.depth);
    int keyAt = in.index.start(in.keyRow(b, h, tiles.key(e)), in.depth);
    float dot = lines.score().dot(form, in.q, queryAt, in.k, keyAt, in.depth);
    float s = lines.score().scaled(dot, in.scale, in.channels);
    return in.cap > 0 ? lines.score().capped(s, in.cap) : s;
  }

  /** Derivative of the logit of entry e by scale q . k. */
  float slope(int e) {
    return in.cap > 0 ? lines.score().slope(beforeBias(e), in.cap) : 1;
  }

  /** Row of the key of entry e in k and v. */
  int keyRow(int e) {
    return in.keyRow(b, h, tiles.key(e));
  }

  /** Whether entry e lies behind the tensor. */
  boolean padding(int e) {
    return tiles.key(e) >= in.keys;
  }

  float keep(int e) {
    return padding(e) ? 1 : in.keepAt(b, h, i, tiles.key(e));
  }

  /** Where dbias of entry e goes. */
  int biasPosition(int e) {
    return Objects.requireNonNull(in.bias).position(in.index, b, h, i, tiles.key(e));
  }
}
