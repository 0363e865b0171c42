/**
 * What published code gave beside that which the commands of docs/peers.md compare: the distances
 * of its choices from others, where its random blocks lie, what its constants change.
 */
@NullMarked
package dev.assay.gradcheck.peer;

import org.jspecify.annotations.NullMarked;
