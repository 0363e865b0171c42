package dev.assay.gradcheck.verdict;

import dev.assay.gradcheck.guess.Axes;
import dev.assay.gradcheck.guess.Failure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Failing elements counted by head and block of tokens.
 *
 * @param token what the tokens are: q or k
 * @param block tokens in a block
 * @param elements of each block of one head, the last may be short
 * @param rows only heads with failures
 * @param clean heads without any
 */
public record HeatMap(String token, int block, int[] elements, List<HeadRow> rows, int clean) {
  private static final int MOST_COLUMNS = 32;
  private static final int MOST_LINES = 32;

  /**
   * One head.
   *
   * @param name for instance {@code b 0 h 2}
   * @param failing elements of each block
   */
  public record HeadRow(String name, int[] failing) {}

  /** Of a failure; without rows if the tensor has no heads. */
  public static HeatMap of(Failure failure) {
    Axes axes = failure.axes();
    if (!axes.byHead() || axes.tokens() == 0) {
      return new HeatMap("", 1, new int[0], List.of(), 0);
    }
    int block = 16;
    while ((axes.tokens() + block - 1) / block > MOST_COLUMNS) {
      block *= 2;
    }
    int columns = (axes.tokens() + block - 1) / block;
    int[] elements = new int[columns];
    for (int column = 0; column < columns; column++) {
      elements[column] = Math.min(block, axes.tokens() - column * block) * axes.width();
    }
    int[][] counts = new int[axes.shape().extent(0) * axes.heads()][columns];
    for (int position : failure.compared().failures()) {
      int row = axes.row(position);
      counts[row / axes.tokens()][axes.tokenOfRow(row) / block]++;
    }
    List<HeadRow> rows = new ArrayList<>();
    for (int line = 0; line < counts.length; line++) {
      if (Arrays.stream(counts[line]).anyMatch(count -> count > 0)) {
        int head = line % axes.heads();
        String name = "b %d %s %d".formatted(line / axes.heads(), axes.names().get(1), head);
        rows.add(new HeadRow(name, counts[line]));
      }
    }
    return new HeatMap(axes.token(), block, elements, rows, counts.length - rows.size());
  }

  /** As text, the first line naming the columns; empty if the tensor has no heads. */
  List<String> lines() {
    if (rows.isEmpty()) {
      return List.of();
    }
    List<String> lines = new ArrayList<>();
    lines.add("failures by %s block of %d".formatted(token, block));
    rows.stream().limit(MOST_LINES).forEach(row -> lines.add(line(row)));
    if (clean > 0) {
      lines.add(clean + " of " + (clean + rows.size()) + " heads without a failure");
    }
    return lines;
  }

  private String line(HeadRow row) {
    StringBuilder text = new StringBuilder("%-11s".formatted(row.name));
    for (int column = 0; column < elements.length; column++) {
      text.append(shade(row.failing[column], elements[column]));
    }
    return text.append("  ").append(Arrays.stream(row.failing).sum()).toString();
  }

  /** '.' for none, then tenths: 0 for fewer than one in ten, 9 for all but a tenth, # for all. */
  private static char shade(int failing, int all) {
    return failing == 0 ? '.' : failing == all ? '#' : (char) ('0' + 10L * failing / all);
  }
}
