package dev.assay.gradcheck.conformance;

import dev.assay.file.FormatException;
import dev.assay.file.Safetensors;
import dev.assay.file.TensorFile;
import dev.assay.gradcheck.fuzz.FuzzReader;
import dev.assay.gradcheck.fuzz.Scratch;
import dev.assay.gradcheck.report.History;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.gradcheck.verdict.RunVerdict;
import dev.assay.gradcheck.verdict.SubjectVerdict;
import dev.assay.tensor.Tensor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The readers of what somebody hands in: the index and the tensors of a case. */
public final class ResultReaders {
  private static final String INDEX =
      """
      {"schema": "assay-result-1", "suite": "assay-goldens", "class": "f32-flash", "impl": "mine",
       "impl_version": "1", "device": "cpu",
       "cases": {"CASE": {"status": "refused", "reason": "no blocks"}}}
      """;

  private static final String KNOWN =
      """
      {"schema": "assay-known-1",
       "failures": [
        {"case": "CASE", "tensor": "out", "reason": "delta in bf16", "link": "https://example.org/1",
         "expires": "2027-03-31", "impl": "mine"},
        {"gate": "G2", "tensor": "out", "reason": "truncation", "expires": "2027-03-31"}]}
      """;

  private static final String HISTORY =
      """
      {"schema": "assay-history-1", "suite": "assay-goldens 1", "at": "2027-03-31T12:00:00Z",
       "subjects": [
        {"subject": "results", "precision": "f32-flash",
         "cases": {"CASE": {"status": "PASSED", "tensors": {"out": {"failing": 0, "tightness": 0.1}}}},
         "gates": [{"gate": "G2", "tensor": "out", "outcome": "FAIL", "text": "leans"}]}]}
      """;

  private static final String PROGRAM = "the program";

  private final Suite suite;
  private final GoldenCase golden;
  private final Path folder = Scratch.folder();
  private final Path indexFolder = Scratch.folder();
  private final Path historyFolder = Scratch.folder();

  /** Of the first case of a suite. */
  public ResultReaders(Suite suite) throws IOException {
    this.suite = suite;
    this.golden = suite.cases().getFirst();
    Files.createDirectories(folder.resolve(golden.name()).resolveSibling("."));
  }

  /** All of them. */
  public List<FuzzReader> all() throws IOException {
    return List.of(
        new FuzzReader("results", indexFolder.toString(), List.of(text(INDEX)), this::index),
        new FuzzReader("known-failures", indexFolder.toString(), List.of(text(KNOWN)), this::known),
        new FuzzReader("history", historyFolder.toString(), List.of(text(HISTORY)), this::history),
        new FuzzReader("answers", PROGRAM, List.of(answers()), ResultReaders::answers),
        new FuzzReader("handed-in", folder.toString(), List.of(right()), this::handedIn));
  }

  private void index(byte[] bytes) throws IOException {
    Scratch.put(indexFolder.resolve(ResultIndex.FILE), bytes);
    var _ = ResultIndex.of(indexFolder, suite);
  }

  private byte[] text(String document) {
    return document.replace("CASE", golden.name()).getBytes(StandardCharsets.UTF_8);
  }

  private void known(byte[] bytes) throws IOException {
    var _ = KnownFailures.of(Scratch.put(indexFolder.resolve("known.json"), bytes), suite);
  }

  /** The last run, and what it says of one that judged nothing. */
  private void history(byte[] bytes) throws IOException {
    Scratch.put(historyFolder.resolve("20270331T120000.000Z-1.json"), bytes);
    SubjectVerdict none =
        new SubjectVerdict("results", PrecisionClass.F32_FLASH, "", List.of(), List.of());
    var _ =
        History.open(historyFolder, suite)
            .since(new RunVerdict("", List.of(none), List.of(), List.of()));
  }

  /** Two answers, one after the other. */
  private byte[] answers() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Frames.write(out, right());
    Frames.write(out, right());
    return out.toByteArray();
  }

  /** As 'pipe' reads them; the sentence stands beside the name of the program. */
  private static void answers(byte[] bytes) throws IOException {
    ByteArrayInputStream in = new ByteArrayInputStream(bytes);
    try {
      for (Optional<byte[]> one = Frames.read(in); one.isPresent(); one = Frames.read(in)) {
        var _ = Safetensors.read(PROGRAM, one.get()).tensors();
      }
    } catch (FormatException broken) {
      throw broken;
    } catch (IOException broken) {
      throw new FormatException(PROGRAM, "answer", String.valueOf(broken.getMessage()), broken);
    }
  }

  private byte[] right() throws IOException {
    TensorFile.Builder file = TensorFile.builder().metadata("class", "f32-flash");
    file.metadata("lse_base", "e").metadata("lse_empty", "-inf").metadata("scale_in_q", "false");
    file.metadata("window", "own").metadata("join", "sums").metadata("nondeterministic", "dq,dk");
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
