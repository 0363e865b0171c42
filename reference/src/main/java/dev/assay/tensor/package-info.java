/** Row-major tensors, their shapes, tolerances that carry a reason, and the random numbers. */
@NullMarked
package dev.assay.tensor;

import org.jspecify.annotations.NullMarked;
