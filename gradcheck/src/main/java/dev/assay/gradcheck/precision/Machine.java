package dev.assay.gradcheck.precision;

import dev.assay.check.Require;

/**
 * How a kernel computes. Tensors that are given or handed in, and operands of products, have the
 * storage format; everything else is rounded to the accumulation format, operation by operation, as
 * on a matrix unit with scalar code around it. Functions of one number are rounded once.
 *
 * @param storage of inputs, results, and operands of products
 * @param accumulate of scores, weights and sums; holds every value of the storage format
 * @param rule of every rounding
 * @param summation order of every sum
 * @param block terms a block, where the order has blocks
 */
public record Machine(
    NumberFormat storage,
    NumberFormat accumulate,
    RoundingRule rule,
    Summation summation,
    int block) {
  /** Checks that formats fit. */
  public Machine {
    Require.argument(
        accumulate.holds(storage),
        "storage %s does not fit accumulation in %s: sums must be of a format that holds every"
            + " stored value, as f32 does",
        storage,
        accumulate);
    Require.positive(block, "block");
  }

  /** The same with blocks of another size. */
  public Machine withBlock(int other) {
    return new Machine(storage, accumulate, rule, summation, other);
  }
}
