package dev.assay.cli.picture;

import dev.assay.check.Require;
import dev.assay.engine.AttentionRows;
import dev.assay.study.Sight;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The attentions of a mechanism as grids of cells, with the kinds of rules they share.
 *
 * @param sights each with its heads
 * @param kinds names of the kinds, by number
 */
public record AttentionGrids(List<Heads> sights, List<String> kinds) {
  /** More heads than these make no picture that anyone can read. */
  public static final int MOST_HEADS = 16;

  /**
   * The heads of one attention that are drawn.
   *
   * @param name of the attention; empty if there is one alone
   * @param numbers of the heads
   * @param grids one for each head
   * @param densities one for each head, or none if they are not drawn
   */
  record Heads(
      String name, List<Integer> numbers, List<HeadGrid> grids, List<BlockDensity> densities) {
    /** Whether all heads have the same pairs for the same reasons. */
    boolean alike() {
      return grids.stream().allMatch(grids.getFirst()::samePattern);
    }
  }

  /**
   * Gathers one batch entry into cells.
   *
   * @throws IllegalArgumentException if a head is chosen that does not exist
   */
  public static AttentionGrids of(List<Sight> sights, Choice choice) {
    Kinds kinds = new Kinds();
    List<Heads> gathered = new ArrayList<>();
    for (Sight sight : sights) {
      AttentionRows rows = sight.rows();
      List<Integer> numbers = heads(rows, choice);
      List<HeadGrid> grids = new ArrayList<>();
      List<BlockDensity> densities = new ArrayList<>();
      for (int h : numbers) {
        grids.add(HeadGrid.of(sight, choice.batch(), h, kinds, choice.cells()));
        if (choice.shows().contains(Choice.Show.DENSITY)) {
          densities.add(BlockDensity.of(rows, choice.batch(), h, choice.block()));
        }
      }
      gathered.add(new Heads(sight.name(), numbers, grids, densities));
    }
    return new AttentionGrids(gathered, kinds.names());
  }

  private static List<Integer> heads(AttentionRows rows, Choice choice) {
    for (int h : choice.heads()) {
      Require.index(h, rows.heads(), "--head");
    }
    return choice.heads().isEmpty()
        ? IntStream.range(0, Math.min(rows.heads(), MOST_HEADS)).boxed().toList()
        : choice.heads();
  }

  /** Draws the patterns with characters: once where all heads have the same. */
  public void print(PrintWriter print) {
    for (Heads heads : sights) {
      boolean alike = heads.alike();
      for (int p = 0; p < (alike ? 1 : heads.grids().size()); p++) {
        HeadGrid head = heads.grids().get(p);
        print.printf(
            "%s, %s: %d queries down, %d keys across, %,d pairs%n",
            heads.name().isEmpty() ? "softmax 1" : heads.name(),
            alike ? "all heads" : "head " + heads.numbers().get(p),
            head.queries(),
            head.keys(),
            head.count());
        print.print(head.text());
      }
    }
    print.println("by rule: " + String.join(", ", kinds));
  }

  /** All heads of all attentions. */
  List<HeadGrid> all() {
    return sights.stream().flatMap(heads -> heads.grids().stream()).toList();
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
    return HeatScale.spanning(weights());
  }

  /** Whether any weight is below 0, as those of recurrences and of outputs may be. */
  boolean anyNegative() {
    return Arrays.stream(weights()).anyMatch(weight -> weight < 0);
  }

  private double[] weights() {
    return all().stream().flatMapToDouble(head -> Arrays.stream(head.weights())).toArray();
  }
}
