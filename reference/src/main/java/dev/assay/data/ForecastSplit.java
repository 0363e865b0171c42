package dev.assay.data;

import dev.assay.check.Require;
import java.util.stream.IntStream;

/**
 * Which windows of a series train, choose and test: parts are told apart by what is forecast, while
 * the past of a window may reach into the part before.
 *
 * @param train moments 0 to train - 1 train
 * @param valid behind them, up to valid - 1, choose
 * @param test behind them, up to test - 1, test
 */
public record ForecastSplit(int train, int valid, int test) {
  /** Checks the order. */
  public ForecastSplit {
    Require.argument(
        0 < train && train < valid && valid < test,
        "the parts end at %d, %d and %d: each must be longer than the one before",
        train,
        valid,
        test);
  }

  /** The usual one of ETTh1: 12, 4 and 4 months of 30 days of 24 hours. */
  public static ForecastSplit hourly() {
    return new ForecastSplit(8640, 11520, 14400);
  }

  /** The first moments of the windows that train. */
  public int[] trainStarts(int past, int horizon) {
    return IntStream.rangeClosed(0, train - past - horizon).toArray();
  }

  /** The first moments of the windows that choose. */
  public int[] validStarts(int past, int horizon) {
    return IntStream.rangeClosed(train - past, valid - past - horizon).toArray();
  }

  /** The first moments of the windows that test: test - valid - horizon + 1 of them. */
  public int[] testStarts(int past, int horizon) {
    return IntStream.rangeClosed(valid - past, test - past - horizon).toArray();
  }
}
