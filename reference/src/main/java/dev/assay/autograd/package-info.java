/** The tape, and the walk back along it. No mathematics lives here. */
@NullMarked
package dev.assay.autograd;

import org.jspecify.annotations.NullMarked;
