/** The fused fp32 engine on the Vector API: the only room that may use the incubator. */
@NullMarked
package dev.assay.accelerated.simd;

import org.jspecify.annotations.NullMarked;
