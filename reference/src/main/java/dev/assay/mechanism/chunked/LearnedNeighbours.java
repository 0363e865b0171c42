package dev.assay.mechanism.chunked;

import dev.assay.check.Require;
import dev.assay.mechanism.KeepMask;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Chooses, for each batch entry, head and chunk I, the t chunks J with the largest score {@code
 * mean of the queries of I . mean of the keys of J}; ties go to the lower index, I itself is left
 * out, and with causality later chunks too. Means are over valid tokens; a chunk without any is no
 * candidate. The choice is a constant: no gradient flows into it.
 */
final class LearnedNeighbours {
  private final AttentionProblem problem;
  private final int size;
  private final int t;
  private final int chunks;
  private double margin = Double.POSITIVE_INFINITY;

  LearnedNeighbours(AttentionProblem problem, int size, int t) {
    this.problem = problem;
    this.size = size;
    this.t = t;
    this.chunks = (problem.queries() + size - 1) / size;
  }

  /**
   * By scores; the choice is returned as {@code idx} [B, H, chunks, t], ascending, padded with -1.
   *
   * @throws IllegalArgumentException if a score is NaN
   */
  ChunkMeetings choose() {
    List<List<int[]>> maps = new ArrayList<>();
    for (int b = 0; b < problem.batches(); b++) {
      for (int h = 0; h < problem.heads(); h++) {
        maps.add(choose(b, h));
      }
    }
    return meetings(maps, Math.min(t, Math.max(chunks - 1, 0)));
  }

  private List<int[]> choose(int b, int h) {
    double[][] queries = means(problem.q(), b, h, problem.heads(), problem.queryLength(b));
    double[][] keys =
        means(problem.k(), b, problem.kvHead(h), problem.kvHeads(), problem.keyLength(b));
    List<int[]> lists = new ArrayList<>();
    for (int chunk = 0; chunk < chunks; chunk++) {
      List<Candidate> candidates = new ArrayList<>();
      int end = problem.causal() ? chunk : chunks;
      for (int other = 0; other < end; other++) {
        if (other != chunk && queries[chunk].length > 0 && keys[other].length > 0) {
          double score = dot(queries[chunk], keys[other]);
          Require.argument(
              !Double.isNaN(score),
              "the score of chunk %d for chunk %d is NaN in batch entry %d, head %d: learned"
                  + " neighbours need numbers, or a given idx",
              chunk,
              other,
              b,
              h);
          if (score != Double.NEGATIVE_INFINITY) {
            candidates.add(new Candidate(other, score));
          }
        }
      }
      lists.add(best(candidates));
    }
    return lists;
  }

  private record Candidate(int chunk, double score) {}

  private int[] best(List<Candidate> candidates) {
    // The sort is stable, so that equal scores stay in the order of their index.
    candidates.sort(LearnedNeighbours::higherFirst);
    int taken = Math.min(t, candidates.size());
    if (taken > 0 && taken < candidates.size()) {
      double last = candidates.get(taken - 1).score();
      double next = candidates.get(taken).score();
      margin = Math.min(margin, last == next ? 0 : last - next);
    }
    return candidates.subList(0, taken).stream().mapToInt(Candidate::chunk).sorted().toArray();
  }

  /** Unlike {@link Double#compare} it takes 0 and -0 for equal. */
  private static int higherFirst(Candidate a, Candidate b) {
    return a.score() > b.score() ? -1 : a.score() < b.score() ? 1 : 0;
  }

  /** The mean row of each chunk over its valid tokens; an empty array where there are none. */
  private double[][] means(Tensor rows, int b, int head, int heads, int length) {
    int depth = problem.depth();
    double[][] means = new double[chunks][];
    for (int chunk = 0; chunk < chunks; chunk++) {
      int from = chunk * size;
      int to = Math.min(from + size, length);
      double[] mean = new double[to > from ? depth : 0];
      for (int token = from; token < to; token++) {
        int row = (b * heads + head) * problem.queries() + token;
        for (int c = 0; c < depth; c++) {
          mean[c] += rows.get(row * depth + c);
        }
      }
      for (int c = 0; c < mean.length; c++) {
        mean[c] /= to - from;
      }
      means[chunk] = mean;
    }
    return means;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int c = 0; c < a.length; c++) {
      sum += a[c] * b[c];
    }
    return sum;
  }

  /** From a given choice [B or 1, H or 1, chunks, any], padded with -1. */
  ChunkMeetings given(Tensor idx) {
    Shape shape = idx.shape();
    Require.argument(
        shape.rank() == 4
            && shape.broadcastsOver(problem.batches(), problem.heads())
            && shape.extent(2) == chunks,
        "idx has shape %s: [B, H, %d, any] is needed, one row for each chunk",
        shape,
        chunks);
    List<List<int[]>> maps = new ArrayList<>();
    for (int b = 0; b < problem.batches(); b++) {
      for (int h = 0; h < problem.heads(); h++) {
        List<int[]> lists = new ArrayList<>();
        for (int chunk = 0; chunk < chunks; chunk++) {
          lists.add(row(idx, b, h, chunk));
        }
        maps.add(lists);
      }
    }
    return meetings(maps, shape.extent(3));
  }

  private int[] row(Tensor idx, int b, int h, int chunk) {
    TreeSet<Integer> listed = new TreeSet<>();
    for (int e = 0; e < idx.shape().extent(3); e++) {
      double entry = KeepMask.broadcast(idx, b, h, chunk, e);
      int end = problem.causal() ? chunk : chunks;
      boolean fits = entry >= 0 && entry < end && entry == Math.rint(entry) && entry != chunk;
      Require.argument(
          entry == -1 || (fits && listed.add((int) entry)),
          "idx lists %s for chunk %d: neighbours lie in 0..%d, are not the chunk itself and occur"
              + " once; -1 stands for none",
          entry,
          chunk,
          end - 1);
    }
    return listed.stream().mapToInt(Integer::intValue).toArray();
  }

  private ChunkMeetings meetings(List<List<int[]>> maps, int width) {
    Shape shape = Shape.of(problem.batches(), problem.heads(), chunks, width);
    Tensor idx =
        Tensor.generate(
            shape,
            p -> {
              int[] x = shape.index(p);
              int[] listed = maps.get(x[0] * problem.heads() + x[1]).get(x[2]);
              return x[3] < listed.length ? listed[x[3]] : -1;
            });
    return new ChunkMeetings(size, problem.heads(), maps, Map.of("idx", idx), margin);
  }
}
