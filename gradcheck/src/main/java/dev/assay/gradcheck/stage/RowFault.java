package dev.assay.gradcheck.stage;

import org.jspecify.annotations.Nullable;

/** One row of attention, in fp64, with one stage made wrong. */
@FunctionalInterface
interface RowFault {
  /** What the row gives, or null where the fault has no meaning. */
  @Nullable RowResult of(Row row);
}
