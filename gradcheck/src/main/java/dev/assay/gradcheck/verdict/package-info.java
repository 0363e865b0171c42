/** What is said of results: of a tensor, a case, an implementation, a run; and the words for it. */
@NullMarked
package dev.assay.gradcheck.verdict;

import org.jspecify.annotations.NullMarked;
