/** The proof that derivatives are right, in ways that share no code with each other. */
@NullMarked
package dev.assay.gradcheck;

import org.jspecify.annotations.NullMarked;
