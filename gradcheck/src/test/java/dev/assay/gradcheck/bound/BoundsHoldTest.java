package dev.assay.gradcheck.bound;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.gradcheck.bound.FlashKernel.Order;
import dev.assay.gradcheck.suite.PrecisionClass;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Kernels that keep to their class stay within its bounds, whatever order they sum in. */
class BoundsHoldTest {
  private static List<FlashKernel> kernels(PrecisionClass precision) {
    List<FlashKernel> kernels = new ArrayList<>();
    for (Order order : Order.values()) {
      kernels.add(new FlashKernel(precision, 16, order, false));
      kernels.add(new FlashKernel(precision, 64, order, true));
    }
    return kernels;
  }

  @ParameterizedTest
  @EnumSource(PrecisionClass.class)
  void no_kernel_of_the_class_leaves_its_bounds(PrecisionClass precision) {
    TreeMap<String, Double> tightness = new TreeMap<>();
    List<String> outside = new ArrayList<>();
    new Problems(precision)
        .all()
        .forEach(
            (name, trial) -> {
              for (FlashKernel kernel : kernels(precision)) {
                trial
                    .worst(kernel)
                    .forEach(
                        (tensor, worst) -> {
                          tightness.merge(name + " " + tensor, worst, Math::max);
                          if (!(worst <= 1)) {
                            outside.add(name + " " + tensor + " " + kernel.id() + " " + worst);
                          }
                        });
              }
            });
    var worst = Collections.max(tightness.entrySet(), Map.Entry.comparingByValue());
    System.out.printf(
        "%s: largest error/bound over %d tensors is %.3f, of %s%n",
        precision.id(), tightness.size(), worst.getValue(), worst.getKey());
    assertTrue(outside.isEmpty(), () -> "outside their bounds: " + outside);
  }
}
