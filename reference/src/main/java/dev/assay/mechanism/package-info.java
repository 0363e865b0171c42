/** What a published mechanism is: its contract, its cases, and the forms that mechanisms share. */
@NullMarked
package dev.assay.mechanism;

import org.jspecify.annotations.NullMarked;
