/** Failing cases made smaller, as long as they fail in the same way. */
@NullMarked
package dev.assay.gradcheck.shrink;

import org.jspecify.annotations.NullMarked;
