package dev.assay.bench.device;

import dev.assay.bench.Workload;
import org.jspecify.annotations.Nullable;

/**
 * What one workload took, medians over rounds.
 *
 * @param engine its id
 * @param workload what was run
 * @param forward the output and LSE
 * @param backward the gradients alone; null if the engine has none
 * @param errorOverBound largest error of any element, in units of its own bound; null if the
 *     workload is too large to be judged, in which case a smaller one of the same kind was
 */
public record DeviceRow(
    String engine,
    Workload workload,
    Clocks forward,
    @Nullable Clocks backward,
    @Nullable Double errorOverBound) {
  /**
   * Times of a pass.
   *
   * @param kernelMillis by the device's clock, kernels alone
   * @param hostMillis from call to return: lists of tiles, copies there and back, and kernels
   * @param gigaflops by the usual count of operations, over the kernels' time
   */
  public record Clocks(double kernelMillis, double hostMillis, double gigaflops) {}
}
