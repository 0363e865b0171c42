/** The command line: one class per verb, and the only room that prints. */
@NullMarked
package dev.assay.cli;

import org.jspecify.annotations.NullMarked;
