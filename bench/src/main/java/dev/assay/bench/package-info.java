/** Speed and memory: benchmarks over the catalogue, and third-party kernels as engines. */
@NullMarked
package dev.assay.bench;

import org.jspecify.annotations.NullMarked;
