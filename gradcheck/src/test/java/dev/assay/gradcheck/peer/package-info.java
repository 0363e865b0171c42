/** The mechanisms against outputs, choices and gradients that published code gave. */
@NullMarked
package dev.assay.gradcheck.peer;

import org.jspecify.annotations.NullMarked;
