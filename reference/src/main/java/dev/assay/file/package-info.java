/** Readers and writers of tensor files that trust nothing they read. */
@NullMarked
package dev.assay.file;

import org.jspecify.annotations.NullMarked;
