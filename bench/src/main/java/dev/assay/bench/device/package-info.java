/** Measures an engine on a device of its own by the device's clock. */
@NullMarked
package dev.assay.bench.device;

import org.jspecify.annotations.NullMarked;
