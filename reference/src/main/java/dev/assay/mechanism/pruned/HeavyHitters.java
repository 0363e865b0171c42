package dev.assay.mechanism.pruned;

import dev.assay.check.Require;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.pruned.H2o.Reading;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The cache of an {@link H2o} along the queries. Each reads what is alive, its weights are added to
 * the scores, and from the end of the prompt on every query evicts:
 *
 * <pre>
 * score_j = decay score_j + sum over the query heads of A_ij
 * alive   = recent newest, sinks, and the heavy of largest score among the others
 * </pre>
 */
final class HeavyHitters {
  private final H2o h2o;
  private final AttentionProblem problem;
  private final Margin margin;
  private final TokenTables kept;
  private final double[] states;
  private double @Nullable [][][] seen;

  HeavyHitters(H2o h2o, AttentionProblem problem, Margin margin) {
    this.h2o = h2o;
    this.problem = problem;
    this.margin = margin;
    this.kept = TokenTables.none(problem);
    this.states = new double[problem.batches() * problem.kvHeads() * problem.keys()];
  }

  /**
   * What every query reads.
   *
   * @param past scores of the keys before the first query, or null
   */
  TokenTables run(@Nullable Tensor past) {
    if (past != null) {
      int before = 0;
      for (int b = 0; b < problem.batches(); b++) {
        before = Math.max(before, problem.offset(b));
      }
      Require.argument(
          fits(past.shape()) && past.shape().extent(2) >= before,
          "past_score has shape %s: [B, H_kv, at least %d] is needed, a score for each key before"
              + " the first query",
          past.shape(),
          before);
    }
    for (List<HeadRows> together : together()) {
      run(together, past);
    }
    return kept;
  }

  /** Keeps from now on what every query found the scores to be. */
  void remember() {
    this.seen = new double[problem.batches() * problem.heads()][problem.queries()][];
  }

  /** The scores that query i of a head found; -inf but for the heavy keys. */
  double[] found(int b, int h, int i) {
    return Objects.requireNonNull(seen, "nothing was remembered")[b * problem.heads() + h][i];
  }

  /** Scores when the last query has been read, -1 for evicted keys: past_score of what follows. */
  Tensor scores() {
    return Tensor.of(Shape.of(problem.batches(), problem.kvHeads(), problem.keys()), states);
  }

  private boolean fits(Shape shape) {
    return shape.rank() == 3 && shape.broadcastsOver(problem.batches(), problem.kvHeads());
  }

  /** The heads whose weights make one score. */
  private List<List<HeadRows>> together() {
    List<List<HeadRows>> groups = HeadRows.groups(problem);
    if (h2o.reading() == Reading.PRECISE) {
      return groups;
    }
    for (int b = 1; b < problem.batches(); b++) {
      Require.argument(
          problem.keyLength(b) == problem.keyLength(0)
              && problem.queryLength(b) == problem.queryLength(0)
              && problem.offset(b) == problem.offset(0),
          "batch entry %d has other lengths or another offset than entry 0: LITERAL sums scores"
              + " over the batch, so that all entries must stand at the same token",
          b);
    }
    List<List<HeadRows>> overBatch = new ArrayList<>();
    for (int kv = 0; kv < problem.kvHeads(); kv++) {
      List<HeadRows> heads = new ArrayList<>();
      for (int b = 0; b < problem.batches(); b++) {
        heads.addAll(groups.get(b * problem.kvHeads() + kv));
      }
      overBatch.add(heads);
    }
    return overBatch;
  }

  private void run(List<HeadRows> heads, @Nullable Tensor past) {
    HeadRows first = heads.getFirst();
    int b = first.b();
    Cache cache = new Cache(Math.min(h2o.prompt(), problem.keyLength(b)));
    if (past != null) {
      cache.take(past, first);
    }
    for (int i = 0; i < problem.queryLength(b); i++) {
      int position = i + problem.offset(b);
      if (seen != null) {
        double[] found = cache.candidates(position - 1);
        for (HeadRows head : heads) {
          seen[head.index()][i] = found;
        }
      }
      if (position >= h2o.prompt()) {
        cache.decay();
      }
      for (HeadRows head : heads) {
        cache.read(head, i);
      }
      if (position + 1 >= h2o.prompt()) {
        cache.evict(position);
      }
    }
    for (HeadRows head : heads) {
      cache.store(head.b() * problem.kvHeads() + problem.kvHead(head.h()));
    }
  }

  /** The keys that heads share: which are alive, and their scores. */
  private final class Cache {
    private final int promptLength;
    private final double[] score = new double[problem.keys()];
    private final boolean[] alive = new boolean[problem.keys()];

    Cache(int promptLength) {
      this.promptLength = promptLength;
      Arrays.fill(alive, true);
    }

    /** The scores of the keys before the first query; -1 stands for evicted. */
    void take(Tensor past, HeadRows head) {
      for (int j = 0; j < Math.max(0, problem.offset(head.b())); j++) {
        double known = KeepMask.broadcast(past, head.b(), problem.kvHead(head.h()), j);
        Require.argument(
            known >= 0 || known == -1,
            "past_score holds %s for key %d: a score is not negative, -1 stands for evicted",
            known,
            j);
        alive[j] = known != -1;
        score[j] = alive[j] ? known : 0;
      }
    }

    void decay() {
      Arrays.setAll(score, j -> score[j] * h2o.decay());
    }

    void read(HeadRows head, int i) {
      double[] weights = head.weights(i, j -> alive[j]);
      for (int j = 0; j < alive.length; j++) {
        kept.tables()[head.index()][i][j] = alive[j] && head.exists(i, j);
        score[j] += weights[j];
      }
    }

    void evict(int position) {
      if (h2o.recentOf(promptLength) == 0 && h2o.reading() == Reading.LITERAL) {
        return;
      }
      int count = h2o.heavyOf(promptLength);
      boolean[] heavy = Ranking.best(candidates(position), count, "key", margin);
      for (int j = h2o.sinks(); j < end(position); j++) {
        alive[j] &= heavy[j];
      }
    }

    /** The scores of living keys that are neither first nor recent once a position is read. */
    double[] candidates(int position) {
      double[] candidates = Ranking.nothing(alive.length);
      for (int j = h2o.sinks(); j < end(position); j++) {
        if (alive[j]) {
          candidates[j] = h2o.norm() ? score[j] / (position + 1 - j) : score[j];
        }
      }
      return candidates;
    }

    private int end(int position) {
      return Math.min(position + 1 - h2o.recentOf(promptLength), alive.length);
    }

    void store(int row) {
      for (int j = 0; j < alive.length; j++) {
        states[row * alive.length + j] = alive[j] ? score[j] : -1;
      }
    }
  }
}
