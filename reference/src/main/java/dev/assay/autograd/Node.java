package dev.assay.autograd;

import java.util.List;

/**
 * One recorded application of an {@link Op}.
 *
 * @param op what was applied
 * @param inputs to what
 * @param outputs with which results
 */
public record Node(Op op, List<Var> inputs, List<Var> outputs) {}
