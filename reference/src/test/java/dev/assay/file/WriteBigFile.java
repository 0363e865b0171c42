package dev.assay.file;

import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A program that writes a megabyte and says in one sentence why it could not. */
final class WriteBigFile {
  private WriteBigFile() {}

  public static void main(String[] arguments) throws IOException {
    try {
      Tensor big = Tensor.zeros(Shape.of(1 << 17));
      Safetensors.write(Path.of(arguments[0]), TensorFile.builder().put("q", big).build());
    } catch (IOException refused) {
      try (OutputStream out = new FileOutputStream(FileDescriptor.out)) {
        out.write((refused.getMessage() + "\n").getBytes(StandardCharsets.UTF_8));
      }
      System.exit(3);
    }
  }
}
