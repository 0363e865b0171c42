package dev.assay.gradcheck.verdict;

import dev.assay.gradcheck.guess.Axes;
import dev.assay.gradcheck.guess.Failure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Failing elements counted by head and block of tokens, as text: one line for each (b, head). */
final class HeatMap {
  private static final int MOST_COLUMNS = 32;
  private static final int MOST_LINES = 32;

  private HeatMap() {}

  /** The lines, the first naming the columns; empty if the tensor has no heads. */
  static List<String> lines(Failure failure) {
    Axes axes = failure.axes();
    if (!axes.byHead() || axes.tokens() == 0) {
      return List.of();
    }
    int block = 16;
    while ((axes.tokens() + block - 1) / block > MOST_COLUMNS) {
      block *= 2;
    }
    int columns = (axes.tokens() + block - 1) / block;
    int[][] counts = new int[axes.shape().extent(0) * axes.heads()][columns];
    for (int position : failure.compared().failures()) {
      int row = axes.row(position);
      counts[row / axes.tokens()][axes.tokenOfRow(row) / block]++;
    }
    List<String> lines = new ArrayList<>();
    lines.add("failures by %s block of %d".formatted(axes.token(), block));
    for (int line = 0; line < counts.length && lines.size() <= MOST_LINES; line++) {
      if (Arrays.stream(counts[line]).anyMatch(count -> count > 0)) {
        lines.add(line(axes, line, counts[line], block));
      }
    }
    long clean = Arrays.stream(counts).filter(c -> Arrays.stream(c).allMatch(n -> n == 0)).count();
    if (clean > 0) {
      lines.add(clean + " of " + counts.length + " heads without a failure");
    }
    return lines;
  }

  private static String line(Axes axes, int line, int[] counts, int block) {
    StringBuilder text = new StringBuilder();
    String head = axes.names().get(1);
    text.append("b %d %s %-3d ".formatted(line / axes.heads(), head, line % axes.heads()));
    for (int column = 0; column < counts.length; column++) {
      int tokens = Math.min(block, axes.tokens() - column * block);
      text.append(shade(counts[column], tokens * axes.width()));
    }
    return text.append("  ").append(Arrays.stream(counts).sum()).toString();
  }

  /** '.' for none, then tenths: 0 for fewer than one in ten, 9 for all but a tenth, # for all. */
  private static char shade(int failing, int all) {
    return failing == 0 ? '.' : failing == all ? '#' : (char) ('0' + 10L * failing / all);
  }
}
