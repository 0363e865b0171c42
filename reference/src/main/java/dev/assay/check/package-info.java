/** What every other room asks of its inputs: one sentence with name, value, rule and context. */
@NullMarked
package dev.assay.check;

import org.jspecify.annotations.NullMarked;
