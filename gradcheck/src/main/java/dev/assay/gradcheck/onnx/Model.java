package dev.assay.gradcheck.onnx;

import java.util.List;

/**
 * What a node test needs of a ModelProto.
 *
 * @param nodes nodes of the graph
 * @param inputs names of the graph's inputs: input_k.pb is the k-th
 * @param outputs names of the graph's outputs: output_k.pb is the k-th
 */
record Model(List<Node> nodes, List<String> inputs, List<String> outputs) {}
