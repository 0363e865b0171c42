package dev.assay.cli;

import dev.assay.file.Safetensors;
import dev.assay.file.TensorFile;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.tensor.DType;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Results as somebody hands them in. */
final class ResultFiles {
  private ResultFiles() {}

  /**
   * Writes the right results of a case, with {@code out} times a factor.
   *
   * @param precision the class that the file names; empty for none
   */
  static void write(String name, double factor, String precision, Path folder) throws IOException {
    GoldenCase golden = Suite.load().find(name);
    TensorFile.Builder file = TensorFile.builder();
    if (!precision.isEmpty()) {
      file.metadata("class", precision);
    }
    golden
        .expect()
        .forEach(
            (tensor, right) ->
                file.put(
                    tensor,
                    DType.F32,
                    Tensor.generate(
                        right.shape(),
                        p ->
                            (float)
                                (tensor.equals("out") ? factor * right.get(p) : right.get(p)))));
    Path path = folder.resolve(name + ".safetensors");
    Files.createDirectories(Objects.requireNonNull(path.getParent()));
    Safetensors.write(path, file.build());
  }
}
