/** Learning: losses, optimisers, schedules, checkpoints, metrics, tasks. */
@NullMarked
package dev.assay.train;

import org.jspecify.annotations.NullMarked;
