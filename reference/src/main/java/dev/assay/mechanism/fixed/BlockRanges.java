package dev.assay.mechanism.fixed;

import dev.assay.check.Require;
import java.util.ArrayList;
import java.util.List;

/** Numbers of blocks as they are typed: whole numbers between commas. */
final class BlockRanges {
  private BlockRanges() {}

  /**
   * Blocks start to end - 1.
   *
   * @param start first block
   * @param end block behind the last
   */
  record Range(int start, int end) {}

  /** Sizes of windows: at least one, each at least 1. */
  static List<Integer> windows(String typed) {
    List<Integer> sizes = numbers(typed, "localWindowBlocks");
    Require.argument(!sizes.isEmpty(), "localWindowBlocks is empty: at least one size is needed");
    for (int size : sizes) {
      Require.positive(size, "a window of localWindowBlocks");
    }
    return sizes;
  }

  /** Single blocks, or ranges where ends are given. */
  static List<Range> of(String starts, String ends) {
    List<Integer> from = numbers(starts, "globalBlockIndices");
    List<Integer> to = numbers(ends, "globalBlockEndIndices");
    Require.argument(
        to.isEmpty() || to.size() == from.size(),
        "globalBlockEndIndices has %d numbers and globalBlockIndices %d: give as many or none",
        to.size(),
        from.size());
    List<Range> ranges = new ArrayList<>();
    for (int r = 0; r < from.size(); r++) {
      int end = to.isEmpty() ? from.get(r) + 1 : to.get(r);
      Require.argument(
          from.get(r) < end,
          "a global range runs from block %d to %d: its end must lie behind its start",
          from.get(r),
          end);
      ranges.add(new Range(from.get(r), end));
    }
    return ranges;
  }

  private static List<Integer> numbers(String typed, String name) {
    List<Integer> numbers = new ArrayList<>();
    for (String one : typed.isBlank() ? new String[0] : typed.split(",", -1)) {
      String digits = one.strip();
      Require.argument(
          digits.matches("[0-9]{1,9}"),
          "%s is '%s': whole numbers between commas are needed",
          name,
          typed);
      numbers.add(Integer.parseInt(digits));
    }
    return numbers;
  }
}
