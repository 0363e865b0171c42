package dev.assay.bench.peer;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.assay.bench.PeerKernel.Prepared;
import dev.assay.bench.peer.OnnxModel.Port;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A one-node model with all inputs and its output in memory of their own, so that a run copies
 * nothing.
 */
final class OrtPrepared implements Prepared {
  private final AttentionProblem problem;
  private final ai.onnxruntime.OrtSession session;
  private final Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
  private final Map<String, OnnxTensor> outputs = new LinkedHashMap<>();
  private final FloatBuffer out;
  private final OnnxTensor outTensor;

  /**
   * Allocates and fills everything.
   *
   * @param inPlace outputs that are written into an input's memory: output name to input name
   */
  OrtPrepared(
      OnnxModel model,
      Map<String, Tensor> given,
      Map<String, String> inPlace,
      AttentionProblem problem) {
    this.problem = problem;
    Shape shape = OrtSparse.packedShape(problem);
    this.out =
        ByteBuffer.allocateDirect(Math.multiplyExact(Float.BYTES, shape.size()))
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    try {
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      this.session = OrtSession.session(environment, model);
      for (Port port : model.inputs()) {
        Tensor tensor = given.get(port.name());
        if (tensor != null) {
          inputs.put(port.name(), OrtSession.bind(environment, port, tensor));
        }
      }
      long[] extents = Arrays.stream(shape.toArray()).asLongStream().toArray();
      this.outTensor = OnnxTensor.createTensor(environment, out, extents);
    } catch (OrtException failed) {
      throw new IllegalStateException(
          "ONNX Runtime refuses " + model.operator() + ": " + failed.getMessage(), failed);
    }
    outputs.put(model.outputs().getFirst().name(), outTensor);
    inPlace.forEach(
        (output, input) -> outputs.put(output, Objects.requireNonNull(inputs.get(input))));
  }

  @Override
  public void run() {
    try (ai.onnxruntime.OrtSession.Result result = session.run(inputs, Set.of(), outputs)) {
      Objects.requireNonNull(result);
    } catch (OrtException failed) {
      throw new IllegalStateException("ONNX Runtime failed: " + failed.getMessage(), failed);
    }
  }

  @Override
  public Map<String, Tensor> results() {
    float[] values = new float[problem.outShape().size()];
    out.get(0, values);
    Tensor packed = Tensor.adopt(OrtSparse.packedShape(problem), values);
    return Map.of("out", OrtSparse.unpacked(packed, problem));
  }

  @Override
  public void close() {
    outTensor.close();
    inputs.values().forEach(OnnxTensor::close);
  }
}
