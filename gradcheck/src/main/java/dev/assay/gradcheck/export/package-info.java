/**
 * The golden suite for those who have no JVM: inputs with the operation in plain terms, and, if
 * wanted, bounds and answers.
 */
@NullMarked
package dev.assay.gradcheck.export;

import org.jspecify.annotations.NullMarked;
