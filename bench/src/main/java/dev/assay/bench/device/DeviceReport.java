package dev.assay.bench.device;

import dev.assay.engine.DeviceEngine.Rates;
import java.util.List;

/**
 * A run of the device suite.
 *
 * @param device back end, platform and name
 * @param rates what kernels that do one thing only reach there
 * @param rounds of which medians are
 * @param rows what was measured
 */
public record DeviceReport(String device, Rates rates, int rounds, List<DeviceRow> rows) {
  /** Copies the list. */
  public DeviceReport {
    rows = List.copyOf(rows);
  }

  /** Whether every judged result kept to its bounds. */
  public boolean allWithinBounds() {
    return rows.stream().allMatch(row -> row.errorOverBound() == null || row.errorOverBound() <= 1);
  }
}
