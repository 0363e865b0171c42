package dev.assay.accelerated.device;

import java.util.Arrays;

/** Integers that are appended one after the other. */
final class IntList {
  private int[] values = new int[64];
  private int size;

  void add(int value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, Math.multiplyExact(2, size));
    }
    values[size++] = value;
  }

  void addAll(int[] more) {
    int total = Math.addExact(size, more.length);
    if (total > values.length) {
      values = Arrays.copyOf(values, (int) Math.min(Integer.MAX_VALUE - 8L, 2L * total));
    }
    System.arraycopy(more, 0, values, size, more.length);
    size = total;
  }

  int size() {
    return size;
  }

  int[] toArray() {
    return Arrays.copyOf(values, size);
  }
}
