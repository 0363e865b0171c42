package dev.assay.gradcheck.suite;

import dev.assay.file.FormatException;
import dev.assay.file.TensorFile;
import dev.assay.gradcheck.suite.Drawn.Piece;
import dev.assay.gradcheck.suite.RecipeDocument.Input;
import dev.assay.tensor.DType;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;

/** Reads a recipe from its two files and checks that they agree with each other. */
final class RecipeReader {
  private final CasePair files;

  RecipeReader(CasePair files) {
    this.files = files;
  }

  /**
   * The case.
   *
   * @throws FormatException that names the file, the field and the rule, if one is broken
   */
  RecipeCase read() throws IOException {
    RecipeDocument document = files.document(RecipeDocument.class);
    files.checkSchema(document.schema(), RecipeDocument.SCHEMA);
    TensorFile file = files.tensors();
    try {
      return recipe(document, file);
    } catch (IllegalArgumentException | ArithmeticException broken) {
      throw files.broken(broken);
    }
  }

  private RecipeCase recipe(RecipeDocument document, TensorFile file) throws IOException {
    Set<String> unused = new TreeSet<>(file.names());
    SequencedMap<String, Tensor> written = new LinkedHashMap<>();
    SequencedMap<String, Drawn> drawn = new LinkedHashMap<>();
    Map<String, String> digests = new LinkedHashMap<>();
    Map<String, List<Piece>> pieces = new LinkedHashMap<>();
    DType dtype = DType.valueOf(document.dtype());
    for (Map.Entry<String, Input> entry : document.inputs().entrySet()) {
      String name = entry.getKey();
      Input input = entry.getValue();
      if (input.gen() == null) {
        written.put(name, stored(file, name, input.dtype(), input.shape(), unused));
        digests.put(name, digest(name, input));
      } else {
        drawn.put(name, new Drawn(input.shape(), dtype, DType.valueOf(input.dtype()), input.gen()));
        pieces.put(name, input.pieces());
      }
    }
    SequencedMap<String, Tensor> expect = new LinkedHashMap<>();
    for (Map.Entry<String, CaseDocument.Stored> entry : document.expect().entrySet()) {
      CaseDocument.Stored said = entry.getValue();
      expect.put(entry.getKey(), stored(file, entry.getKey(), said.dtype(), said.shape(), unused));
    }
    if (!unused.isEmpty()) {
      throw files.fault("inputs, expect", "do not name the tensors " + unused);
    }
    return new RecipeCase(golden(document, dtype, written, expect), drawn, digests, pieces);
  }

  private String digest(String name, Input input) throws FormatException {
    String digest = input.sha256();
    if (digest == null) {
      throw files.fault(name + ".sha256", "is null, though nothing says how to draw");
    }
    return digest;
  }

  private Tensor stored(
      TensorFile file, String name, String dtype, List<Integer> shape, Set<String> unused)
      throws IOException {
    files.check(file, name, dtype, shape);
    unused.remove(name);
    return file.tensor(name).to(Storage.F64);
  }

  private static GoldenCase golden(
      RecipeDocument document,
      DType dtype,
      SequencedMap<String, Tensor> written,
      SequencedMap<String, Tensor> expect) {
    return new GoldenCase(
        document.tcId(),
        document.family(),
        document.name(),
        document.flags(),
        document.bugClass(),
        document.comment(),
        document.guards(),
        CaseReader.mechanism(document.mechanism()),
        dtype,
        written,
        expect,
        document.exact(),
        document.twin(),
        document.classes(),
        Expectation.valueOf(document.result().toUpperCase(Locale.ROOT)),
        document.refuseCode(),
        document.samples());
  }
}
