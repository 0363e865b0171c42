package dev.assay.cli.picture;

import dev.assay.engine.AttentionRows;
import dev.assay.mechanism.Mechanism.Rules;
import dev.assay.mechanism.Observation;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The softmaxes of a mechanism as grids of cells, one list of heads for each, with the kinds of
 * rules they share.
 *
 * @param softmaxes heads of each softmax
 * @param kinds names of the kinds, by number
 */
public record AttentionGrids(List<List<HeadGrid>> softmaxes, List<String> kinds) {
  /** More heads than these make no picture that anyone can read. */
  public static final int MOST_HEADS = 16;

  /** Gathers one batch entry into at most so many cells a side. */
  public static AttentionGrids of(Observation seen, Rules rules, int b, int mostCells) {
    Kinds kinds = new Kinds();
    List<List<HeadGrid>> softmaxes = new ArrayList<>();
    for (AttentionRows softmax : seen.softmaxes()) {
      List<HeadGrid> heads = new ArrayList<>();
      for (int h = 0; h < Math.min(softmax.heads(), MOST_HEADS); h++) {
        heads.add(HeadGrid.of(softmax, b, h, rules, kinds, mostCells));
      }
      softmaxes.add(heads);
    }
    return new AttentionGrids(softmaxes, kinds.names());
  }

  /** Draws the patterns with characters: once where all heads have the same. */
  public void print(PrintWriter print) {
    for (int s = 0; s < softmaxes.size(); s++) {
      List<HeadGrid> heads = softmaxes.get(s);
      boolean alike = heads.stream().allMatch(heads.getFirst()::samePattern);
      for (int h = 0; h < (alike ? Math.min(1, heads.size()) : heads.size()); h++) {
        HeadGrid head = heads.get(h);
        print.printf(
            "softmax %d, %s: %d queries down, %d keys across, %,d pairs%n",
            s + 1, alike ? "all heads" : "head " + h, head.queries(), head.keys(), head.count());
        print.print(head.text());
      }
    }
    print.println("by rule: " + String.join(", ", kinds));
  }

  /** All heads of all softmaxes. */
  List<HeadGrid> all() {
    return softmaxes.stream().flatMap(List::stream).toList();
  }

  /** How many pairs each kind has, over everything drawn. */
  long[] counts() {
    long[] counts = new long[kinds.size()];
    for (HeadGrid head : all()) {
      long[] own = head.countByKind(kinds.size());
      for (int kind = 0; kind < counts.length; kind++) {
        counts[kind] += own[kind];
      }
    }
    return counts;
  }

  /** The kinds from the most frequent to the least. */
  List<Integer> byFrequency() {
    long[] counts = counts();
    return IntStream.range(0, counts.length)
        .boxed()
        .sorted(Comparator.comparingLong((Integer kind) -> -counts[kind]))
        .toList();
  }

  /** A colour for each kind, by its number. */
  int[] colours() {
    return KindColours.of(kinds, byFrequency());
  }

  /** One scale for all weights. */
  HeatScale scale() {
    return HeatScale.spanning(
        all().stream().flatMapToDouble(head -> java.util.Arrays.stream(head.weights())).toArray());
  }
}
