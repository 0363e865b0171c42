package dev.assay.gradcheck.onnx;

import dev.assay.file.FormatException;
import dev.assay.gradcheck.fuzz.FuzzReader;
import dev.assay.gradcheck.fuzz.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The readers of ONNX node tests, and the test as a whole with another model or another input. */
public final class OnnxReaders {
  private static final String WHOLE = "test_attention_24_qk_matmul_output_mode3_softmax_precision";

  private final Path folder = Scratch.folder();

  /** All of them. */
  public List<FuzzReader> all() throws IOException {
    List<byte[]> models = new ArrayList<>();
    List<byte[]> tensors = new ArrayList<>();
    for (Path file : Samples.files(Samples.FOLDER)) {
      (file.toString().endsWith(".onnx") ? models : tensors).add(Files.readAllBytes(file));
    }
    Samples.copy(WHOLE, folder);
    String input = "test_data_set_0/input_0.pb";
    return List.of(
        new FuzzReader("onnx-model", "x.onnx", models, bytes -> OnnxReader.model("x.onnx", bytes)),
        new FuzzReader("onnx-tensor", "x.pb", tensors, bytes -> OnnxReader.tensor("x.pb", bytes)),
        new FuzzReader(
            "onnx-node",
            folder.toString(),
            List.of(Files.readAllBytes(folder.resolve(WHOLE).resolve(NodeTest.MODEL))),
            bytes -> run(NodeTest.MODEL, bytes)),
        new FuzzReader(
            "onnx-input",
            folder.toString(),
            List.of(Files.readAllBytes(folder.resolve(WHOLE).resolve(input))),
            bytes -> run(input, bytes)));
  }

  private void run(String name, byte[] bytes) throws IOException {
    Path file = folder.resolve(WHOLE).resolve(name);
    byte[] right = Files.readAllBytes(Samples.FOLDER.resolve(WHOLE).resolve(name));
    Scratch.put(file, bytes);
    try {
      if (new NodeTest(folder.resolve(WHOLE)).run() instanceof Outcome.Malformed broken) {
        throw new FormatException(folder.toString(), "test", broken.sentence());
      }
    } finally {
      Scratch.put(file, right);
    }
  }
}
