/**
 * Cases that are too large to store: the few rows that a recipe asks for, and all that they read,
 * gathered into small problems that everything else in the house can compute.
 */
@NullMarked
package dev.assay.gradcheck.recipe;

import org.jspecify.annotations.NullMarked;
