package dev.assay.gradcheck.suite;

import dev.assay.check.Require;
import dev.assay.file.SafetensorsStream;
import dev.assay.file.TensorFile;
import dev.assay.gradcheck.suite.CaseDocument.Recipe;
import dev.assay.tensor.DType;
import dev.assay.tensor.Distribution;
import dev.assay.tensor.Philox;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A tensor that is not stored: each element is drawn by its index when it is asked for, so a tensor
 * may have more elements than an array can hold.
 */
public final class Drawn implements SafetensorsStream.Source {
  /** Elements of a piece whose digest a recipe tells. */
  private static final int PIECE = 256;

  private final List<Integer> shape;
  private final DType rounded;
  private final DType stored;
  private final Recipe gen;
  private final Philox generator;
  private final Distribution distribution;

  /**
   * A tensor.
   *
   * @param shape extents
   * @param rounded the type of the case, to which numbers are rounded
   * @param stored the type in which they would lie in a file
   * @param gen how they are drawn
   * @throws IllegalArgumentException if an extent is below 1 or the generator is unknown
   */
  public Drawn(List<Integer> shape, DType rounded, DType stored, Recipe gen) {
    Require.argument(
        !shape.isEmpty() && shape.stream().allMatch(extent -> extent >= 1),
        "a drawn tensor has the extents %s: each is at least 1",
        shape);
    Require.argument(
        stored.floating(), "a drawn tensor is %s: a type of real numbers is needed", stored);
    this.shape = List.copyOf(shape);
    this.rounded = rounded;
    this.stored = stored;
    this.gen = gen;
    this.generator = gen.generator();
    this.distribution = Distribution.valueOf(gen.dist().toUpperCase(Locale.ROOT));
    elements();
  }

  /**
   * A part of a tensor with the digest of its bytes, so that others see that they draw the same.
   */
  public record Piece(long first, int count, String sha256) {}

  @Override
  public List<Integer> shape() {
    return shape;
  }

  @Override
  public DType dtype() {
    return stored;
  }

  /** How it is drawn. */
  public Recipe gen() {
    return gen;
  }

  /** The element at a row-major position. */
  public double at(long position) {
    return rounded.round(distribution.value(generator, position, gen.shift()));
  }

  @Override
  public Tensor piece(long first, int count) {
    return Tensor.adopt(Shape.of(count), values(first, count));
  }

  /** All of it; only if it fits an array. */
  public Tensor whole() {
    Shape extents = Shape.of(shape.stream().mapToInt(Integer::intValue).toArray());
    return Tensor.adopt(extents, values(0, extents.size()));
  }

  private double[] values(long first, int count) {
    double[] values = new double[count];
    IntStream.range(0, Math.ceilDiv(count, PIECE))
        .parallel()
        .forEach(
            part -> {
              int end = (int) Math.min(count, (part + 1L) * PIECE);
              for (int p = part * PIECE; p < end; p++) {
                values[p] = at(first + p);
              }
            });
    return values;
  }

  /** The elements from a position on as they lie in a file: little-endian. */
  public byte[] bytes(long first, int count) throws IOException {
    return TensorFile.builder().put("piece", stored, piece(first, count)).build().bytes("piece");
  }

  /** The pieces whose digests a recipe tells: the ends, and what lies around each 2^31 elements. */
  public List<Piece> pieces() throws IOException {
    List<Piece> pieces = new ArrayList<>();
    long all = elements();
    long last = -1;
    long[] starts = {0, (1L << 31) - PIECE / 2, (1L << 32) - PIECE / 2, Math.max(0, all - PIECE)};
    Arrays.sort(starts);
    for (long first : starts) {
      if (first > last && first < all) {
        int count = (int) Math.min(PIECE, all - first);
        pieces.add(new Piece(first, count, Checksums.of(bytes(first, count))));
        last = first;
      }
    }
    return pieces;
  }
}
