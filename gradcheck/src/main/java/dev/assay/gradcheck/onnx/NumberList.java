package dev.assay.gradcheck.onnx;

import java.util.Arrays;

/** Numbers whose count is known only when the last was read. */
final class NumberList {
  private double[] numbers = new double[16];
  private int size;

  void add(double number) {
    if (size == numbers.length) {
      numbers = Arrays.copyOf(numbers, 2 * size);
    }
    numbers[size++] = number;
  }

  int size() {
    return size;
  }

  double[] toArray() {
    return Arrays.copyOf(numbers, size);
  }
}
