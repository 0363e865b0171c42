package dev.assay.op;

import dev.assay.tensor.Tensor;
import java.util.List;

/**
 * A primitive with inputs at which it is smooth: no kink, pole or branch lies near them.
 *
 * @param op the primitive
 * @param inputs its inputs
 * @param remark what is particular about them
 */
public record Sample(Primitive op, List<Tensor> inputs, String remark) {}
