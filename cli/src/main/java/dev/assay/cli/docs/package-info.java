/** What the catalogue says about mechanisms, as pages, as a table and as JSON documents. */
@NullMarked
package dev.assay.cli.docs;

import org.jspecify.annotations.NullMarked;
