package dev.assay.mechanism.fixed;

import java.util.Arrays;
import java.util.List;

/** Makes the table of blocks of one head of a {@link DeepSpeedLayout}, step by step. */
final class DeepSpeedTable {
  private final DeepSpeedLayout config;
  private final int blocks;
  private final boolean[][] listed;

  private DeepSpeedTable(DeepSpeedLayout config, int blocks) {
    this.config = config;
    this.blocks = blocks;
    this.listed = new boolean[blocks][blocks];
  }

  /** The blocks [of queries][of keys] of a head, of a sequence of so many blocks. */
  static boolean[][] of(DeepSpeedLayout config, int blocks, int h, RandomBlocks random) {
    DeepSpeedTable table =
        new DeepSpeedTable(
            config, Math.max(blocks, Math.ceilDiv(config.maxSeqLength(), config.block())));
    table.local();
    table.global(h);
    for (int row = 0; row < blocks; row++) {
      for (int column : random.of(h, row)) {
        table.listed[row][column] = true;
      }
    }
    if (config.unidirectional()) {
      table.cut();
    }
    boolean[][] own = new boolean[blocks][];
    Arrays.setAll(own, row -> Arrays.copyOf(table.listed[row], blocks));
    return own;
  }

  /** Whether two blocks lie in one window. */
  static boolean local(DeepSpeedLayout config, int row, int column) {
    DeepSpeedTable table = new DeepSpeedTable(config, Math.max(row, column) + 1);
    table.local();
    return table.listed[row][column];
  }

  private void local() {
    switch (config.layout()) {
      case DENSE -> fill(0, blocks, 0, blocks);
      case FIXED -> windows(List.of(config.numLocalBlocks()));
      case VARIABLE -> windows(BlockRanges.windows(config.localWindowBlocks()));
      case BIGBIRD, BSLONGFORMER, LOCAL_WINDOW -> sliding();
    }
  }

  /** Windows side by side; the last size repeats. */
  private void windows(List<Integer> sizes) {
    int window = 0;
    for (int start = 0; start < blocks; window++) {
      int end = start + sizes.get(Math.min(window, sizes.size() - 1));
      for (int row = start; row < Math.min(end, blocks); row++) {
        fill(row, row + 1, start, config.unidirectional() ? row + 1 : end);
      }
      start = end;
    }
  }

  private void sliding() {
    int side = config.numSlidingWindowBlocks() / 2;
    boolean past =
        config.unidirectional() && config.layout() == DeepSpeedLayout.Layout.LOCAL_WINDOW;
    for (int row = 0; row < blocks; row++) {
      fill(row, row + 1, row - side, past ? row + 1 : row + side + 1);
    }
  }

  private void global(int h) {
    switch (config.layout()) {
      case FIXED -> lastOfEachWindow(h);
      case VARIABLE -> {
        for (BlockRanges.Range range : ranges()) {
          column(range.start(), range.end());
        }
      }
      case BIGBIRD -> cross(0, config.numGlobalBlocks());
      case BSLONGFORMER -> {
        for (BlockRanges.Range range : ranges()) {
          cross(range.start(), range.end());
        }
      }
      case DENSE, LOCAL_WINDOW -> {}
    }
  }

  private List<BlockRanges.Range> ranges() {
    return BlockRanges.of(config.globalBlockIndices(), config.globalBlockEndIndices());
  }

  /** The last blocks of each window, or those so far before them as the head's turn says. */
  private void lastOfEachWindow(int h) {
    int size = config.numLocalBlocks();
    int count = config.numGlobalBlocks();
    int first = size - (1 + h % config.numDifferentGlobalPatterns()) * count;
    int whole = blocks - blocks % size;
    for (int start = first; start < whole; start += size) {
      column(start, start + count);
    }
    if (whole < blocks) {
      int start = Math.max(Math.min(whole + first, blocks - count), 0);
      column(start, start + count);
    }
  }

  /** Blocks that all rows see, or without a future all rows from the first of them on. */
  private void column(int start, int end) {
    fill(config.unidirectional() ? start : 0, blocks, start, end);
    if (config.horizontalGlobalAttention()) {
      fill(start, end, 0, blocks);
    }
  }

  private void cross(int start, int end) {
    fill(start, end, 0, blocks);
    fill(0, blocks, start, end);
  }

  /** What the library cuts from layouts without a future: it forgets FIXED and VARIABLE. */
  private void cut() {
    boolean forgotten =
        config.layout() == DeepSpeedLayout.Layout.FIXED
            || config.layout() == DeepSpeedLayout.Layout.VARIABLE
            || config.layout() == DeepSpeedLayout.Layout.DENSE;
    if (forgotten && config.reading() == DeepSpeedLayout.Reading.UPSTREAM) {
      return;
    }
    for (int row = 0; row < blocks; row++) {
      Arrays.fill(listed[row], row + 1, blocks, false);
    }
  }

  private void fill(int rowFrom, int rowEnd, int columnFrom, int columnEnd) {
    for (int row = Math.max(rowFrom, 0); row < Math.min(rowEnd, blocks); row++) {
      int from = Math.clamp(columnFrom, 0, blocks);
      Arrays.fill(listed[row], from, Math.clamp(columnEnd, from, blocks), true);
    }
  }
}
