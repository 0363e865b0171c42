/** What an engine can be asked to do: the problem, the plan, and the results by name. */
@NullMarked
package dev.assay.plan;

import org.jspecify.annotations.NullMarked;
