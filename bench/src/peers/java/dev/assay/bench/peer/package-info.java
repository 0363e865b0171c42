/** Third-party implementations as engines. Compiled only in the profile {@code peers}. */
@NullMarked
package dev.assay.bench.peer;

import org.jspecify.annotations.NullMarked;
