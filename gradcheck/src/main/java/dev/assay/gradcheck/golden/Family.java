package dev.assay.gradcheck.golden;

import java.util.List;

/**
 * A family of golden cases. Numbers are frozen: they key the random numbers, so a case that is
 * withdrawn leaves a gap and a new one takes a new number.
 *
 * @param name the first part of the cases' names
 * @param drafts its cases
 */
record Family(String name, List<Draft> drafts) {}
