package dev.assay.data;

import dev.assay.check.Require;
import dev.assay.file.FormatException;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Images and their classes.
 *
 * @param pixels [images, rows, columns, colours], 0..1
 * @param labels a class each, from 0
 */
public record Images(Tensor pixels, int[] labels) {
  private static final int SIDE = 32;
  private static final int PLANE = SIDE * SIDE;

  /** Checks that there are as many of one as of the other. */
  public Images {
    Require.argument(
        pixels.shape().rank() == 4 && pixels.shape().extent(0) == labels.length,
        "%s pixels for %d labels",
        pixels.shape(),
        labels.length);
  }

  /** The binary forms of Krizhevsky's tiny images. */
  public enum Cifar {
    /** A label 0..9, then 3072 bytes: the red, green and blue plane, row by row. */
    CIFAR_10(1, 10),
    /** A label 0..19, which is passed over, a label 0..99, then the planes. */
    CIFAR_100(2, 100);

    private final int head;
    private final int classes;

    Cifar(int head, int classes) {
      this.head = head;
      this.classes = classes;
    }
  }

  /**
   * Reads an IDX file of images and one of labels.
   *
   * @throws FormatException if they do not belong together
   */
  public static Images idx(Path images, Path labels) throws IOException {
    Tensor bytes = IdxFile.read(images);
    Tensor classes = IdxFile.read(labels);
    Shape shape = bytes.shape();
    if (shape.rank() != 3 || !classes.shape().equals(Shape.of(shape.extent(0)))) {
      throw DataFile.fault(
          labels,
          "extents",
          "are " + classes.shape() + " for images " + shape + ": one label an image is needed");
    }
    Shape grey = Shape.of(shape.extent(0), shape.extent(1), shape.extent(2), 1);
    int[] numbers = new int[classes.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (int) classes.get(i);
    }
    return new Images(Tensor.generate(grey, p -> bytes.get(p) / 255), numbers);
  }

  /**
   * Reads a file of CIFAR's binary version.
   *
   * @throws FormatException if it is no whole number of records, or a label is out of range
   */
  public static Images cifar(Path file, Cifar form) throws IOException {
    byte[] bytes = DataFile.bytes(file, DataFile.MOST);
    int record = form.head + 3 * PLANE;
    if (bytes.length == 0 || bytes.length % record != 0) {
      throw DataFile.fault(
          file, "length", "is " + bytes.length + ": a multiple of " + record + " is needed");
    }
    int[] labels = new int[bytes.length / record];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = bytes[i * record + form.head - 1] & 0xFF;
      if (labels[i] >= form.classes) {
        throw DataFile.fault(
            file, "record " + i, "has label " + labels[i] + ": 0.." + (form.classes - 1));
      }
    }
    Shape shape = Shape.of(labels.length, SIDE, SIDE, 3);
    Tensor pixels =
        Tensor.generate(
            shape,
            p -> {
              int image = p / (3 * PLANE);
              int pixel = p / 3 % PLANE;
              return (bytes[image * record + form.head + p % 3 * PLANE + pixel] & 0xFF) / 255.0;
            });
    return new Images(pixels, labels);
  }

  /**
   * Reads the optical digits of Alpaydin and Kaynak (1998): 64 numbers 0..16, 8 rows of 8, then the
   * digit, separated by commas.
   *
   * @throws FormatException if a line is not that
   */
  public static Images digits(Path file) throws IOException {
    List<String> lines = DataFile.lines(file).stream().filter(line -> !line.isBlank()).toList();
    double[] pixels = new double[lines.size() * 64];
    int[] labels = new int[lines.size()];
    for (int i = 0; i < labels.length; i++) {
      String[] fields = DataFile.fields(file, i + 1, lines.get(i), ",", 65);
      for (int p = 0; p < 64; p++) {
        pixels[i * 64 + p] = DataFile.integer(file, "line " + (i + 1), fields[p], 0, 16) / 16.0;
      }
      labels[i] = DataFile.integer(file, "line " + (i + 1) + ", digit", fields[64], 0, 9);
    }
    return new Images(Tensor.adopt(Shape.of(labels.length, 8, 8, 1), pixels), labels);
  }

  /** How many there are. */
  public int count() {
    return labels.length;
  }

  /** Some of them. */
  public Images take(int[] which) {
    int size = pixels.size() / Math.max(1, count());
    int[] chosen = new int[which.length];
    for (int i = 0; i < which.length; i++) {
      chosen[i] = labels[Require.index(which[i], count(), "an image")];
    }
    Tensor some =
        Tensor.generate(
            pixels.shape().with(0, which.length),
            p -> pixels.get(which[p / size] * size + p % size));
    return new Images(some, chosen);
  }
}
