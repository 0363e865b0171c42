package dev.assay.gradcheck.stage;

/**
 * A plausible fault of one stage, with nothing left to choose.
 *
 * @param stage which one
 * @param what is wrong, in a few words
 * @param fault what a row then gives
 */
record Suspect(Stage stage, String what, RowFault fault) {}
