/** Mechanisms without a softmax: features of queries and keys, and recurrences over a state. */
@NullMarked
package dev.assay.mechanism.linear;

import org.jspecify.annotations.NullMarked;
