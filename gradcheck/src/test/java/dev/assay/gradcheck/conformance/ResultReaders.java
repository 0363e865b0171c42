package dev.assay.gradcheck.conformance;

import dev.assay.file.FormatException;
import dev.assay.file.Safetensors;
import dev.assay.file.TensorFile;
import dev.assay.gradcheck.fuzz.FuzzReader;
import dev.assay.gradcheck.fuzz.Scratch;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The readers of what somebody hands in: the index and the tensors of a case. */
public final class ResultReaders {
  private static final String INDEX =
      """
      {"schema": "assay-result-1", "suite": "assay-goldens", "class": "f32-flash", "impl": "mine",
       "impl_version": "1", "device": "cpu",
       "cases": {"CASE": {"status": "refused", "reason": "no blocks"}}}
      """;

  private final Suite suite;
  private final GoldenCase golden;
  private final Path folder = Scratch.folder();
  private final Path indexFolder = Scratch.folder();

  /** Of the first case of a suite. */
  public ResultReaders(Suite suite) throws IOException {
    this.suite = suite;
    this.golden = suite.cases().getFirst();
    Files.createDirectories(folder.resolve(golden.name()).resolveSibling("."));
  }

  /** All of them. */
  public List<FuzzReader> all() throws IOException {
    byte[] index = INDEX.replace("CASE", golden.name()).getBytes(StandardCharsets.UTF_8);
    return List.of(
        new FuzzReader("results", indexFolder.toString(), List.of(index), this::index),
        new FuzzReader("handed-in", folder.toString(), List.of(right()), this::handedIn));
  }

  private void index(byte[] bytes) throws IOException {
    Scratch.put(indexFolder.resolve(ResultIndex.FILE), bytes);
    var _ = ResultIndex.of(indexFolder, suite);
  }

  private byte[] right() throws IOException {
    TensorFile.Builder file = TensorFile.builder().metadata("class", "f32-flash");
    file.metadata("lse_base", "e").metadata("lse_empty", "-inf").metadata("scale_in_q", "false");
    golden
        .expect()
        .forEach(
            (name, values) ->
                file.put(
                    name,
                    PrecisionClass.F32_FLASH.resultType(name),
                    Tensor.generate(
                        values.shape(),
                        p -> PrecisionClass.F32_FLASH.storage().round(values.get(p)))));
    Path made = indexFolder.resolve("made.safetensors");
    Safetensors.write(made, file.build());
    return Files.readAllBytes(made);
  }

  /** As 'verify' reads it, up to the tensors that are judged. */
  private void handedIn(byte[] bytes) throws IOException {
    Path file = Scratch.put(folder.resolve(golden.name() + ".safetensors"), bytes);
    try {
      ResultFile read =
          ResultFile.of(Safetensors.read(file), golden, suite, null, "f32-flash", Map.of());
      var _ = read.attempt(read.conventions().windowOfOthers() ? OtherWindow.of(golden) : golden);
    } catch (IllegalArgumentException refused) {
      throw new FormatException(file.toString(), "result", String.valueOf(refused.getMessage()));
    }
  }
}
