package dev.assay.accelerated.simd;

import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Arrays that one product leaves to the next: Java fills a new array with zeros, which takes a
 * fifth of the time of a product of 512 x 512 numbers.
 */
final class Scratch {
  private final int most;
  private final ConcurrentLinkedQueue<double[]> free = new ConcurrentLinkedQueue<>();

  /**
   * Nothing yet.
   *
   * @param most numbers of the longest array that is kept
   */
  Scratch(int most) {
    this.most = most;
  }

  /** An array of at least that many numbers, which may be any; nobody else has it. */
  double[] take(int numbers) {
    double[] array = free.poll();
    return array != null && array.length >= numbers ? array : new double[numbers];
  }

  /** Takes an array back, which the caller must not use any more. */
  void giveBack(double[] array) {
    if (array.length <= most) {
      free.add(array);
    }
  }
}
