package dev.assay.gradcheck.conformance;

import dev.assay.file.Safetensors;
import dev.assay.file.TensorFile;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.NativeTypes;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.gradcheck.verdict.RunVerdict;
import dev.assay.tensor.DType;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A folder of results as somebody would hand it in: right ones, rounded to the class, to start
 * with.
 */
final class HandedIn {
  static final Suite SUITE = suite();
  private static final Replay REPLAY = new Replay("./assay", List.of("verify"));

  private final Path folder;
  private final PrecisionClass precision;
  private final Map<String, String> metadata = new LinkedHashMap<>();

  HandedIn(Path folder, PrecisionClass precision) {
    this.folder = folder;
    this.precision = precision;
    metadata.put("class", precision.id());
  }

  private static Suite suite() {
    try {
      return Suite.load();
    } catch (IOException broken) {
      throw new IllegalStateException(broken);
    }
  }

  /** Adds or changes a line of the metadata of files that are written from now on. */
  HandedIn says(String key, String value) {
    metadata.put(key, value);
    return this;
  }

  /** The right results of a case, to be spoilt. */
  static Map<String, Tensor> right(String name) {
    return new LinkedHashMap<>(SUITE.find(name).expect());
  }

  /** Writes results for a case, rounded to the class's types. */
  HandedIn put(String name, Map<String, Tensor> results) throws IOException {
    TensorFile.Builder file = TensorFile.builder();
    results.forEach(
        (tensor, values) -> {
          DType type = type(name, tensor, values);
          file.put(
              tensor,
              type,
              Tensor.generate(
                  values.shape(),
                  p -> type.floating() ? type.round(values.get(p)) : values.get(p)));
        });
    return put(name, file);
  }

  /** Choices lie in whole numbers, whatever the class. */
  private DType type(String name, String tensor, Tensor values) {
    return SUITE.cases().stream()
        .filter(golden -> golden.name().equals(name))
        .map(golden -> NativeTypes.expected(golden.mechanism(), tensor, values))
        .filter(type -> type != DType.F64)
        .findFirst()
        .orElse(precision.resultType(tensor));
  }

  /** Writes a file for a case. */
  HandedIn put(String name, TensorFile.Builder file) throws IOException {
    metadata.forEach(file::metadata);
    Path path = folder.resolve(name + ".safetensors");
    Files.createDirectories(path.getParent());
    Safetensors.write(path, file.build());
    return this;
  }

  /** The verdict on one case. */
  RunVerdict verify(String name) throws IOException {
    return verify(List.of(SUITE.find(name)), Map.of(), false);
  }

  RunVerdict verify(List<GoldenCase> cases, Map<String, String> options, boolean complete)
      throws IOException {
    ResultFolder results = ResultFolder.open(folder, SUITE);
    return new Verify(SUITE, cases, results, null, options, complete, REPLAY).run(Progress.NONE);
  }

  /** A tensor with some elements changed. */
  static Tensor changed(Tensor tensor, Change change) {
    return Tensor.generate(tensor.shape(), p -> change.of(tensor.shape().index(p), tensor.get(p)));
  }

  /** What an element becomes. */
  interface Change {
    double of(int[] index, double value);
  }
}
