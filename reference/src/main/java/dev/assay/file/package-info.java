/**
 * Files of named tensors, safetensors and numpy's, and strict JSON. A reader trusts nothing that a
 * file says; a writer leaves a whole file or none.
 */
@NullMarked
package dev.assay.file;

import org.jspecify.annotations.NullMarked;
