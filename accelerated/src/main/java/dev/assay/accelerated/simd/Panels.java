package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Panel.GROUP;
import static dev.assay.accelerated.simd.Tile.EDGE;

import java.util.ArrayList;
import java.util.List;

/**
 * A tensor's rows packed once, tile by tile, as right factors. It takes as much memory as the
 * tensor (and a bit of padding), whatever the number of pairs.
 *
 * <p>As rows, for products that sum over the rows of a tile, numbers that are not finite are packed
 * as 0: such products meet every row of the tile, kept or not, and 0 times NaN would pass the NaN
 * on. {@link Poison} adds what the kept pairs owe. Transposed, for products whose elements each
 * belong to one pair, all numbers are packed as they are.
 */
final class Panels {
  private final Rows source;
  private final boolean transposed;
  private final float factor;
  private final int tileSize;
  private final float[][] packed;
  private final boolean[][] poisoned;

  private Panels(Rows source, boolean transposed, float factor, List<Span> spans) {
    this.source = source;
    this.transposed = transposed;
    this.factor = factor;
    this.tileSize = EDGE * (transposed ? source.width() : Panel.padded(source.width()));
    this.packed = new float[spans.size() * source.heads()][];
    this.poisoned = new boolean[packed.length][];
    for (Span span : spans) {
      for (int head = 0; head < source.heads(); head++) {
        packed[slot(span, head)] = new float[Math.multiplyExact(source.tiles(span), tileSize)];
        poisoned[slot(span, head)] = new boolean[source.tiles(span)];
      }
    }
  }

  /** Packs tiles of n rows of d channels as n x d factors. */
  static Panels rows(Rows source, List<Span> spans, Workers workers) {
    return pack(new Panels(source, false, 1, spans), spans, workers);
  }

  /** Packs tiles of n rows of d channels, each number times a factor, as d x n factors. */
  static Panels transposed(Rows source, float factor, List<Span> spans, Workers workers) {
    return pack(new Panels(source, true, factor, spans), spans, workers);
  }

  private static Panels pack(Panels panels, List<Span> spans, Workers workers) {
    record Task(Span span, int head, int tile) {}
    List<Task> tasks = new ArrayList<>();
    for (Span span : spans) {
      for (int head = 0; head < panels.source.heads(); head++) {
        for (int tile = 0; tile < panels.source.tiles(span); tile++) {
          tasks.add(new Task(span, head, tile));
        }
      }
    }
    workers.run(
        tasks.size(),
        () ->
            t -> {
              Task task = tasks.get(t);
              panels.pack(task.span(), task.head(), task.tile());
            });
    return panels;
  }

  private int slot(Span span, int head) {
    return span.index() * source.heads() + head;
  }

  /** The packed tile. */
  Panel at(Span span, int head, int tile) {
    float[] values = packed[slot(span, head)];
    int offset = tile * tileSize;
    return transposed
        ? new Panel(values, offset, source.width(), source.width() * GROUP, EDGE / GROUP)
        : new Panel(
            values, offset, source.rowsIn(span, tile), EDGE * GROUP, Panel.groups(source.width()));
  }

  /** Whether the tile holds numbers that are not finite. */
  boolean poisoned(Span span, int head, int tile) {
    return poisoned[slot(span, head)][tile];
  }

  /** The rows that were packed. */
  Rows source() {
    return source;
  }

  private void pack(Span span, int head, int tile) {
    float[] to = packed[slot(span, head)];
    int origin = tile * tileSize;
    boolean finite = true;
    for (int row = 0; row < source.rowsIn(span, tile); row++) {
      int from = source.position(span, head, tile, row);
      if (transposed) {
        packColumn(from, to, origin + row / GROUP * source.width() * GROUP + row % GROUP);
      } else {
        finite &= packRow(from, to, origin + row * GROUP);
      }
    }
    poisoned[slot(span, head)][tile] = !finite;
  }

  private void packColumn(int from, float[] to, int at) {
    float[] values = source.values();
    for (int c = 0; c < source.width(); c++) {
      to[at + c * GROUP] = factor * values[from + c];
    }
  }

  private boolean packRow(int from, float[] to, int at) {
    float[] values = source.values();
    boolean finite = true;
    for (int group = 0; group * GROUP < source.width(); group++) {
      int count = Math.min(GROUP, source.width() - group * GROUP);
      int into = at + group * EDGE * GROUP;
      System.arraycopy(values, from + group * GROUP, to, into, count);
      for (int c = into; c < into + count; c++) {
        if (!Float.isFinite(to[c])) {
          to[c] = 0;
          finite = false;
        }
      }
    }
    return finite;
  }
}
