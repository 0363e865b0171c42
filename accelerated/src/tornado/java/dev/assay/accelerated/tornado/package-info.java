/** The engine on devices that TornadoVM reaches: kernels, buffers, devices. */
@NullMarked
package dev.assay.accelerated.tornado;

import org.jspecify.annotations.NullMarked;
