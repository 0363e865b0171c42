package dev.assay.gradcheck.mutant;

import dev.assay.mechanism.selected.Moba;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The choice of blocks by mean keys, as {@link Moba} means it, written apart and in fp32: its own
 * block and the best of the earlier ones; without causality the best of all.
 */
final class PlainChoice {
  private final ChoiceLines lines;
  private final Moba moba;
  private final Tensor q;
  private final Tensor k;
  private final Map<String, Tensor> inputs;
  private final int heads;
  private final int kvHeads;
  private final int queries;
  private final int keys;
  private final int depth;
  private final int blocks;

  PlainChoice(ChoiceLines lines, Moba moba, Map<String, Tensor> inputs) {
    this.lines = lines;
    this.moba = moba;
    this.inputs = inputs;
    this.q = Objects.requireNonNull(inputs.get("q"));
    this.k = Objects.requireNonNull(inputs.get("k"));
    this.heads = q.shape().extent(1);
    this.kvHeads = k.shape().extent(1);
    this.queries = q.shape().extent(2);
    this.keys = k.shape().extent(2);
    this.depth = q.shape().extent(3);
    this.blocks = Math.ceilDiv(keys, moba.block());
  }

  private int number(String name, int b, int otherwise) {
    Tensor given = inputs.get(name);
    return given == null ? otherwise : (int) given.get(b);
  }

  /** The lists, [B, H, n_q, width], padded with -1. */
  Tensor idx() {
    boolean besides = moba.causal() && moba.ownBlock() == Moba.OwnBlock.BESIDES;
    int k = moba.topK() + (besides ? 1 : 0);
    List<int[]> lists = new ArrayList<>();
    int width = Math.min(k, blocks);
    for (int b = 0; b < q.shape().extent(0); b++) {
      for (int h = 0; h < heads; h++) {
        for (int i = 0; i < queries; i++) {
          lists.add(list(b, h, i, k));
          width = Math.max(width, lists.getLast().length);
        }
      }
    }
    int columns = width;
    return Tensor.generate(
        Shape.of(q.shape().extent(0), heads, queries, columns),
        p -> {
          int[] list = lists.get(p / columns);
          return p % columns < list.length ? list[p % columns] : -1;
        });
  }

  private int[] list(int b, int h, int i, int k) {
    int keyLength = number("k_lens", b, keys);
    int queryLength = number("q_lens", b, queries);
    int position = i + number("offset", b, keyLength - queryLength);
    boolean sees = i < queryLength && keyLength > 0 && (!moba.causal() || position >= 0);
    int own = lines.own(position, moba.block());
    List<Integer> taken = new ArrayList<>();
    List<Integer> candidates = new ArrayList<>();
    float[] scores = new float[blocks];
    for (int block = 0; sees && block * moba.block() < keyLength; block++) {
      if (lines.forced(moba.causal(), block, own)) {
        taken.add(block);
      } else if (lines.candidate(moba.causal(), block, own)) {
        candidates.add(block);
        scores[block] = score(b, h, i, block, keyLength);
      }
    }
    candidates.sort(
        (x, y) ->
            lines.before(scores[x], x, scores[y], y)
                ? -1
                : lines.before(scores[y], y, scores[x], x) ? 1 : 0);
    int places = sees ? lines.places(k, taken.size(), candidates.size()) : 0;
    for (int t = 0; t < places; t++) {
      taken.add(t < candidates.size() ? candidates.get(t) : t);
    }
    int[] sorted = taken.stream().mapToInt(Integer::intValue).sorted().toArray();
    int[] list = new int[sorted.length];
    for (int t = 0; t < sorted.length; t++) {
      list[lines.place(t, sorted.length)] = sorted[t];
    }
    return list;
  }

  private float score(int b, int h, int i, int block, int keyLength) {
    int count = lines.pooled(block, moba.block(), keyLength);
    int kvHead = lines.kvHead(h, heads, kvHeads);
    float dot = 0;
    for (int c = 0; c < depth; c++) {
      float sum = 0;
      for (int j = block * moba.block(); j < block * moba.block() + count; j++) {
        sum += (float) k.at(b, kvHead, j, c);
      }
      dot += (float) q.at(b, h, i, c) * lines.mean(sum, count, moba.block());
    }
    return lines.score(dot);
  }
}
