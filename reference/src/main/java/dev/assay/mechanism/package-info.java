/** The published mechanisms, one readable file each, and the catalogue that names them. */
@NullMarked
package dev.assay.mechanism;

import org.jspecify.annotations.NullMarked;
