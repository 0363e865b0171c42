/** Mechanisms that group tokens by hashes or centroids, or measure queries by sampled keys. */
@NullMarked
package dev.assay.mechanism.hashed;

import org.jspecify.annotations.NullMarked;
