/** What an engine can be asked to do: the problem, the plan, and the shape of an answer. */
@NullMarked
package dev.assay.plan;

import org.jspecify.annotations.NullMarked;
