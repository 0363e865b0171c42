package dev.assay.gradcheck.onnx;

import dev.assay.tensor.DType;
import dev.assay.tensor.Tensor;

/**
 * A TensorProto.
 *
 * @param dtype type of its elements in the file
 * @param value its elements; booleans are 0 and 1
 */
record OnnxTensor(DType dtype, Tensor value) {}
