/** Real data as numbers: loaders of the usual files, vocabularies, batches, text made visible. */
@NullMarked
package dev.assay.data;

import org.jspecify.annotations.NullMarked;
