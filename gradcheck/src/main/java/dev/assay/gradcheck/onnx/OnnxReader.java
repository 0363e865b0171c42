package dev.assay.gradcheck.onnx;

import dev.assay.file.FormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Reads the two kinds of file that a node test has: a model and its tensors. Nothing in a file is
 * trusted; see {@link Message}.
 */
final class OnnxReader {
  /** Node tests are small; the largest published one has some hundred kilobytes. */
  static final int LARGEST_FILE = 64 << 20;

  private OnnxReader() {}

  /**
   * A ModelProto.
   *
   * @throws FormatException if the file is none
   */
  static Model model(Path file) throws IOException {
    return model(file.toString(), bytes(file));
  }

  static Model model(String source, byte[] bytes) throws FormatException {
    return ModelReader.read(Message.of(source, "model", bytes));
  }

  /**
   * A TensorProto.
   *
   * @throws FormatException if the file is none
   */
  static OnnxTensor tensor(Path file) throws IOException {
    return tensor(file.toString(), bytes(file));
  }

  static OnnxTensor tensor(String source, byte[] bytes) throws FormatException {
    return TensorReader.read(Message.of(source, "tensor", bytes));
  }

  private static byte[] bytes(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    if (!Files.isRegularFile(file)) {
      throw new FormatException(file.toString(), "file", "is not a regular file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LARGEST_FILE + 1);
      if (bytes.length > LARGEST_FILE) {
        throw new FormatException(
            file.toString(), "file", "is larger than " + (LARGEST_FILE >> 20) + " MiB");
      }
      return bytes;
    }
  }
}
