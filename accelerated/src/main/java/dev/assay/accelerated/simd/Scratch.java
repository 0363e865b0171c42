package dev.assay.accelerated.simd;

import java.util.concurrent.ArrayBlockingQueue;

/**
 * Arrays that one product leaves to the next, for as long as this object lives: Java fills a new
 * array with zeros, and on a processor with AVX-512 that took a fifth of the time of a product of
 * 512 x 512 numbers. What a failed product does not give back, and what is more than is kept, is
 * left to the collector.
 */
final class Scratch {
  private final int longest;
  private final ArrayBlockingQueue<double[]> free;

  /**
   * Nothing yet.
   *
   * @param longest numbers of the longest array that is kept
   * @param most arrays that are kept
   */
  Scratch(int longest, int most) {
    this.longest = longest;
    this.free = new ArrayBlockingQueue<>(most);
  }

  /** An array of at least so many numbers, of any content; nobody else has it. */
  double[] take(int numbers) {
    double[] array = numbers <= longest ? free.poll() : null;
    return array != null && array.length >= numbers ? array : new double[numbers];
  }

  /** Takes an array back, which the caller must not use any more. */
  void giveBack(double[] array) {
    if (array.length <= longest) {
      free.offer(array);
    }
  }
}
