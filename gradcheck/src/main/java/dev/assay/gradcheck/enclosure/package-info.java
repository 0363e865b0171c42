/**
 * What every right kernel of a class may give: enclosures that are proven without truncation, and
 * which of the published bounds they certify.
 */
@NullMarked
package dev.assay.gradcheck.enclosure;

import org.jspecify.annotations.NullMarked;
