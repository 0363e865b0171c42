package dev.assay.gradcheck.golden;

import dev.assay.file.Safetensors;
import dev.assay.file.TensorFile;
import dev.assay.gradcheck.suite.CaseDocument;
import dev.assay.gradcheck.suite.CaseDocument.Configuration;
import dev.assay.gradcheck.suite.CaseDocument.Recipe;
import dev.assay.gradcheck.suite.CaseDocument.Stored;
import dev.assay.gradcheck.suite.Checksums;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.NativeTypes;
import dev.assay.gradcheck.suite.Operation;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Draw;
import dev.assay.tensor.DType;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The two files of a case. */
final class CaseFiles {
  /** Families that have a folder of their own beside {@code core}. */
  private static final Set<String> OWN_FOLDER =
      Set.of("exact", "special", "grad", "refuse", "relation", SelectionsFile.FAMILY);

  /** Mechanisms whose cases every engine is expected to run, with the core. */
  private static final Set<String> OF_CORE =
      Set.of("dense", "sliding-window", "block-sparse", "hierarchical-chunking", "head-gate");

  private final GoldenCase golden;
  private final Case problem;

  CaseFiles(GoldenCase golden, Case problem) {
    this.golden = golden;
    this.problem = problem;
  }

  /** Where the files of a case lie, relative to the suite and without their endings. */
  static String stem(GoldenCase golden) {
    if (OWN_FOLDER.contains(golden.family())) {
      return golden.name();
    }
    return (isOutsideCore(golden.family()) ? "mechanisms/" : "core/") + golden.name();
  }

  /** Whether a family is of a mechanism that not every kernel is expected to have. */
  static boolean isOutsideCore(String family) {
    return MechanismFamilies.isMechanism(family) && !OF_CORE.contains(family);
  }

  /** Writes both files below the suite's folder. */
  void write(Path suite) throws IOException {
    TensorFile tensors = tensors(golden);
    write(suite, stem(golden), document(tensors), tensors);
  }

  /** Writes a document and the tensors that it speaks of. */
  static void write(Path suite, String stem, Object document, TensorFile tensors)
      throws IOException {
    Path json = suite.resolve(stem + ".json");
    Files.createDirectories(json.resolveSibling(""));
    Documents.write(json, document);
    Safetensors.write(suite.resolve(stem + ".safetensors"), tensors);
  }

  /** The tensors of a case that are stored, in the types in which a kernel is given them. */
  static TensorFile tensors(GoldenCase golden) {
    TensorFile.Builder file = TensorFile.builder();
    golden
        .inputs()
        .forEach(
            (name, tensor) ->
                file.put(
                    name,
                    NativeTypes.input(golden.mechanism(), name, tensor, golden.dtype()),
                    tensor));
    golden
        .expect()
        .forEach(
            (name, tensor) ->
                file.put(name, NativeTypes.expected(golden.mechanism(), name, tensor), tensor));
    return file.build();
  }

  private CaseDocument document(TensorFile tensors) throws IOException {
    return new CaseDocument(
        CaseDocument.SCHEMA,
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
        Operation.of(golden),
        new Configuration(golden.mechanism().id(), Operation.settings(golden.mechanism())),
        stored(tensors, golden.inputs(), true),
        stored(tensors, golden.expect(), false));
  }

  private SequencedMap<String, Stored> stored(
      TensorFile file, SequencedMap<String, Tensor> tensors, boolean drawn) throws IOException {
    SequencedMap<String, Stored> described = new LinkedHashMap<>();
    for (String name : tensors.keySet()) {
      DType dtype = file.dtype(name);
      List<Integer> shape = Arrays.stream(file.shape(name).toArray()).boxed().toList();
      String digest = Checksums.of(file.bytes(name));
      described.put(name, new Stored(dtype.name(), shape, drawn ? recipe(name) : null, digest));
    }
    return described;
  }

  private @Nullable Recipe recipe(String name) {
    Draw draw = problem.draws().get(name);
    if (draw == null || problem.given().containsKey(name)) {
      return null;
    }
    return Recipe.of(problem.id(), name, draw.distribution(), draw.shift());
  }
}
