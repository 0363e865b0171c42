package dev.assay.gradcheck.guess;

import dev.assay.tensor.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * What the axes of a result mean.
 *
 * @param names for instance b, h, q, channel
 * @param shape the extents
 * @param rows of sampled rows where each lies in the whole result, else none
 */
public record Axes(List<String> names, Shape shape, List<List<Integer>> rows) {
  /** The axes of a result of that name and shape. */
  public static Axes of(String tensor, Shape shape) {
    List<String> names = names(tensor);
    return names.size() == shape.rank() ? new Axes(names, shape, List.of()) : numbered(shape);
  }

  /** The axes of sampled rows [rows, channels] of a result of that name. */
  public static Axes sampled(String tensor, Shape shape, List<List<Integer>> rows) {
    return new Axes(names(tensor), shape, rows);
  }

  private static List<String> names(String tensor) {
    return switch (tensor) {
      case "out", "dq" -> List.of("b", "h", "q", "channel");
      case "lse" -> List.of("b", "h", "q");
      case "dk", "dv" -> List.of("b", "hkv", "k", "channel");
      case "dbias" -> List.of("b", "h", "q", "k");
      default -> List.of();
    };
  }

  private static Axes numbered(Shape shape) {
    String[] names = new String[shape.rank()];
    Arrays.setAll(names, axis -> "axis " + axis);
    return new Axes(List.of(names), shape, List.of());
  }

  /** Whether the result is [B, H, n, ...], so that heads and tokens can be told apart. */
  public boolean byHead() {
    return shape.rank() >= 3 && !names.getFirst().startsWith("axis");
  }

  /** Extent of the head axis. */
  public int heads() {
    return shape.extent(1);
  }

  /** Extent of the token axis: queries or keys. */
  public int tokens() {
    return shape.extent(2);
  }

  /** What the tokens are: q or k. */
  public String token() {
    return names.get(2);
  }

  /** Elements of one row: the channels of a token, 1 for an LSE. */
  public int width() {
    return shape.rank() == 3 ? 1 : shape.extent(3);
  }

  /** The row of a position. */
  public int row(int position) {
    return position / width();
  }

  /** The token of a row. */
  public int tokenOfRow(int row) {
    return row % tokens();
  }

  /** The head of a row. */
  public int headOfRow(int row) {
    return row / tokens() % heads();
  }

  /** A position in words: {@code (b 0, h 2, q 17, channel 3)}. */
  public String describe(int position) {
    return describe(position, shape.rank());
  }

  /** A row in words: {@code (b 0, h 2, q 17)}. */
  public String describeRow(int row) {
    return describe(row * width(), 3);
  }

  private String describe(int position, int axes) {
    int[] index = rows.isEmpty() ? shape.index(position) : whole(position);
    StringBuilder text = new StringBuilder("(");
    for (int axis = 0; axis < (rows.isEmpty() ? axes : index.length); axis++) {
      text.append(axis == 0 ? "" : ", ").append(names.get(axis)).append(' ').append(index[axis]);
    }
    return text.append(')').toString();
  }

  /** The coordinates of an element of a sampled row in the whole result. */
  private int[] whole(int position) {
    int[] sampled = shape.index(position);
    int[] whole = new int[names.size()];
    for (int axis = 0; axis < 3; axis++) {
      whole[axis] = rows.get(sampled[0]).get(axis);
    }
    if (whole.length > 3) {
      whole[3] = sampled[1];
    }
    return whole;
  }
}
