package dev.assay.gradcheck.shrink;

import dev.assay.file.Safetensors;
import dev.assay.file.TensorFile;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.NativeTypes;
import java.io.IOException;
import java.nio.file.Path;

/** A case as two files that {@code assay run} reads: the tensors given, and the right results. */
public final class CasePair {
  /** The file of the tensors given. */
  public static final String INPUTS = "case.safetensors";

  /** The file of the right results. */
  public static final String RIGHT = "right.safetensors";

  private CasePair() {}

  /** Writes both. */
  public static void write(GoldenCase golden, Path folder) throws IOException {
    TensorFile.Builder inputs = TensorFile.builder();
    golden
        .inputs()
        .forEach(
            (name, tensor) ->
                inputs.put(
                    name,
                    NativeTypes.input(golden.mechanism(), name, tensor, golden.dtype()),
                    tensor));
    Safetensors.write(folder.resolve(INPUTS), inputs.build());
    TensorFile.Builder right = TensorFile.builder();
    golden
        .expect()
        .forEach(
            (name, tensor) ->
                right.put(name, NativeTypes.expected(golden.mechanism(), name, tensor), tensor));
    Safetensors.write(folder.resolve(RIGHT), right.build());
  }
}
