package dev.assay.data;

/**
 * A text and its class.
 *
 * @param label from 0
 * @param text as the file has it
 */
public record LabelledText(int label, String text) {}
