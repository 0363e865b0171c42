/** One file per published mechanism, and the catalogue that lists them. */
@NullMarked
package dev.assay.mechanism;

import org.jspecify.annotations.NullMarked;
