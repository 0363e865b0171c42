/**
 * The golden suite: its cases, the classes of precision that they are judged in, the files that
 * hold them, and the one writer of those files.
 */
@NullMarked
package dev.assay.gradcheck.suite;

import org.jspecify.annotations.NullMarked;
