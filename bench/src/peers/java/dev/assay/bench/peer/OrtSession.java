package dev.assay.bench.peer;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.assay.bench.peer.OnnxModel.Port;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Runs one-node models in ONNX Runtime on the CPU; a model that was seen before keeps its session.
 */
final class OrtSession {
  private static final Map<OnnxModel, ai.onnxruntime.OrtSession> SESSIONS = new LinkedHashMap<>();

  private OrtSession() {}

  /**
   * The first output of the model.
   *
   * @param inputs the tensors by name; those of an INT32 or BOOL port are converted to that type
   * @param inPlace outputs that are written into an input's memory: output name to input name
   * @param shape of the output
   * @throws IllegalStateException with the runtime's own words, if it fails
   */
  static Tensor run(
      OnnxModel model, Map<String, Tensor> inputs, Map<String, String> inPlace, Shape shape) {
    Map<String, OnnxTensor> bound = new LinkedHashMap<>();
    try {
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      for (Port port : model.inputs()) {
        Tensor tensor = inputs.get(port.name());
        if (tensor != null) {
          bound.put(port.name(), bind(environment, port, tensor));
        }
      }
      String wanted = model.outputs().getFirst().name();
      Map<String, OnnxTensor> pinned = new LinkedHashMap<>();
      inPlace.forEach(
          (output, input) -> pinned.put(output, Objects.requireNonNull(bound.get(input))));
      try (ai.onnxruntime.OrtSession.Result result =
          session(environment, model).run(bound, Set.of(wanted), pinned)) {
        FloatBuffer out = ((OnnxTensor) result.get(wanted).orElseThrow()).getFloatBuffer();
        float[] values = new float[shape.size()];
        out.get(values);
        return Tensor.adopt(shape, values);
      }
    } catch (OrtException failed) {
      throw new IllegalStateException(
          "ONNX Runtime failed on " + model.operator() + ": " + failed.getMessage(), failed);
    } finally {
      bound.values().forEach(OnnxTensor::close);
    }
  }

  static synchronized ai.onnxruntime.OrtSession session(OrtEnvironment environment, OnnxModel model)
      throws OrtException {
    ai.onnxruntime.OrtSession session = SESSIONS.get(model);
    if (session == null) {
      try (SessionOptions options = new SessionOptions()) {
        options.setIntraOpNumThreads(
            Integer.getInteger("assay.threads", Runtime.getRuntime().availableProcessors()));
        // A failure comes back as an exception; the runtime's own copy on stderr says nothing more.
        options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
        options.addConfigEntry("session.intra_op.allow_spinning", "0");
        session = environment.createSession(model.bytes(), options);
      }
      SESSIONS.put(model, session);
    }
    return session;
  }

  static OnnxTensor bind(OrtEnvironment environment, Port port, Tensor tensor) throws OrtException {
    long[] extents = Arrays.stream(tensor.shape().toArray()).asLongStream().toArray();
    return switch (port.element()) {
      case FLOAT -> OnnxTensor.createTensor(environment, direct(tensor), extents);
      case INT32 -> {
        int[] whole = new int[tensor.size()];
        Arrays.setAll(whole, p -> (int) tensor.get(p));
        yield OnnxTensor.createTensor(environment, IntBuffer.wrap(whole), extents);
      }
      case BOOL -> {
        ByteBuffer bytes = ByteBuffer.allocateDirect(tensor.size()).order(ByteOrder.nativeOrder());
        for (int p = 0; p < tensor.size(); p++) {
          bytes.put(p, (byte) (tensor.get(p) != 0 ? 1 : 0));
        }
        yield OnnxTensor.createTensor(environment, bytes, extents, OnnxJavaType.BOOL);
      }
    };
  }

  private static FloatBuffer direct(Tensor tensor) {
    FloatBuffer buffer =
        ByteBuffer.allocateDirect(Math.multiplyExact(4, tensor.size()))
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    return buffer.put(0, tensor.floats());
  }
}
