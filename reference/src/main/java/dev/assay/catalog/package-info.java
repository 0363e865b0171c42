/** The list of all mechanisms. */
@NullMarked
package dev.assay.catalog;

import org.jspecify.annotations.NullMarked;
