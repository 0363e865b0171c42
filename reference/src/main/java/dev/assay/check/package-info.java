/** Guards that turn bad arguments into one clear sentence. */
@NullMarked
package dev.assay.check;

import org.jspecify.annotations.NullMarked;
