package dev.assay.gradcheck.golden;

import dev.assay.file.TensorFile;
import dev.assay.gradcheck.suite.CaseDocument.Configuration;
import dev.assay.gradcheck.suite.CaseDocument.Stored;
import dev.assay.gradcheck.suite.Checksums;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.Operation;
import dev.assay.gradcheck.suite.RecipeCase;
import dev.assay.gradcheck.suite.RecipeDocument;
import dev.assay.gradcheck.suite.RecipeDocument.Input;
import dev.assay.tensor.DType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SequencedMap;

/** The two files of a recipe. */
final class RecipeFiles {
  private RecipeFiles() {}

  /** Writes both files below the suite's folder; the case's name is where they lie. */
  static void write(RecipeCase recipe, Path suite) throws IOException {
    GoldenCase golden = recipe.golden();
    TensorFile tensors = CaseFiles.tensors(golden);
    CaseFiles.write(suite, golden.name(), document(recipe, tensors), tensors);
  }

  private static RecipeDocument document(RecipeCase recipe, TensorFile tensors) throws IOException {
    GoldenCase golden = recipe.golden();
    SequencedMap<String, Stored> expect = new LinkedHashMap<>();
    for (String name : golden.expect().sequencedKeySet()) {
      String digest = Checksums.of(tensors.bytes(name));
      expect.put(name, new Stored(DType.F64.name(), extents(tensors, name), null, digest));
    }
    return new RecipeDocument(
        RecipeDocument.SCHEMA,
        golden.tcId(),
        golden.name(),
        golden.family(),
        golden.result().name().toLowerCase(Locale.ROOT),
        golden.refuseCode(),
        golden.flags(),
        golden.bugClass(),
        golden.comment(),
        golden.guards(),
        golden.dtype().name(),
        golden.classes(),
        golden.exact(),
        golden.twin(),
        Operation.of(recipe),
        new Configuration(golden.mechanism().id(), Operation.settings(golden.mechanism())),
        inputs(recipe, tensors),
        expect,
        recipe.samples());
  }

  private static SequencedMap<String, Input> inputs(RecipeCase recipe, TensorFile tensors)
      throws IOException {
    SequencedMap<String, Input> inputs = new LinkedHashMap<>();
    recipe
        .drawn()
        .forEach(
            (name, drawn) ->
                inputs.put(
                    name,
                    new Input(
                        drawn.dtype().name(),
                        drawn.shape(),
                        drawn.gen(),
                        null,
                        Objects.requireNonNull(recipe.pieces().get(name), name))));
    for (String name : recipe.golden().inputs().sequencedKeySet()) {
      inputs.put(
          name,
          new Input(
              tensors.dtype(name).name(),
              extents(tensors, name),
              null,
              recipe.digests().get(name),
              List.of()));
    }
    return inputs;
  }

  private static List<Integer> extents(TensorFile tensors, String name) throws IOException {
    return Arrays.stream(tensors.shape(name).toArray()).boxed().toList();
  }
}
