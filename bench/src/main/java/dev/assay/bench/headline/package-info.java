/** The figures that the project promises: each measured in JVMs of its own and held to a goal. */
@NullMarked
package dev.assay.bench.headline;

import org.jspecify.annotations.NullMarked;
