/**
 * What an engine on a device needs and any JVM can run: how problems are laid out in device memory,
 * which tiles meet, and the arithmetic of a pair. The kernels themselves lie with their SDK.
 */
@NullMarked
package dev.assay.accelerated.device;

import org.jspecify.annotations.NullMarked;
