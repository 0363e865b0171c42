/** Mechanisms watched, and in numbers: what they cost, what they cover, what they let through. */
@NullMarked
package dev.assay.study;

import org.jspecify.annotations.NullMarked;
