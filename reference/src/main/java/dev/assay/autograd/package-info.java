/** Recording and order of derivatives: the contract of an op, the tape, the backward pass. */
@NullMarked
package dev.assay.autograd;

import org.jspecify.annotations.NullMarked;
