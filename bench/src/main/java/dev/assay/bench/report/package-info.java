/** What was measured, held to its goals: as records, JSON, tables, pages and plots. */
@NullMarked
package dev.assay.bench.report;

import org.jspecify.annotations.NullMarked;
