/**
 * Where the golden suite comes from: its cases as readable tables, one file a family, and the one
 * writer that turns them into files.
 */
@NullMarked
package dev.assay.gradcheck.golden;

import org.jspecify.annotations.NullMarked;
