package dev.assay.gradcheck.suite;

import dev.assay.catalog.MechanismCatalog;
import dev.assay.file.FormatException;
import dev.assay.file.Json;
import dev.assay.file.Safetensors;
import dev.assay.file.TensorFile;
import dev.assay.gradcheck.suite.CaseDocument.Configuration;
import dev.assay.gradcheck.suite.CaseDocument.Stored;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/**
 * Reads a case from its two files and checks that they agree with each other. The digests of single
 * tensors are for those who draw them again; whether a file was changed, the suite's own list
 * tells.
 */
final class CaseReader {
  private final Path folder;
  private final String stem;
  private final Map<String, String> sums;
  private final String json;

  /**
   * A reader of {@code <stem>.json} and {@code <stem>.safetensors}.
   *
   * @param stem path within the folder, without ending
   * @param sums the folder's digests
   */
  CaseReader(Path folder, String stem, Map<String, String> sums) {
    this.folder = folder;
    this.stem = stem;
    this.sums = sums;
    this.json = folder + "/" + stem + ".json";
  }

  /**
   * The case.
   *
   * @throws FormatException that names the file, the field and the rule, if one is broken
   */
  GoldenCase read() throws IOException {
    CaseDocument document = Json.read(json, bytes(".json"), CaseDocument.class);
    if (!document.schema().equals(CaseDocument.SCHEMA)) {
      throw fault("schema", "is '" + document.schema() + "', not " + CaseDocument.SCHEMA);
    }
    TensorFile tensors =
        Safetensors.read(folder.resolve(stem + ".safetensors").toString(), bytes(".safetensors"));
    Set<String> named = new HashSet<>(document.inputs().keySet());
    named.addAll(document.expect().keySet());
    if (!named.equals(Set.copyOf(tensors.names()))) {
      throw fault("inputs, expect", "name " + named + ", but the tensors are " + tensors.names());
    }
    try {
      return new GoldenCase(
          document.tcId(),
          document.family(),
          document.name(),
          document.flags(),
          document.bugClass(),
          document.comment(),
          document.guards(),
          mechanism(document.mechanism()),
          DType.valueOf(document.dtype()),
          values(tensors, document.inputs()),
          values(tensors, document.expect()),
          document.exact(),
          document.twin(),
          document.classes(),
          Expectation.valueOf(document.result().toUpperCase(Locale.ROOT)),
          document.refuseCode(),
          null);
    } catch (IllegalArgumentException broken) {
      throw new FormatException(json, "case", String.valueOf(broken.getMessage()), broken);
    }
  }

  private byte[] bytes(String ending) throws IOException {
    return Checksums.checked(folder, stem + ending, sums);
  }

  /** The mechanism that a document names, with its settings. */
  static Mechanism mechanism(Configuration configuration) {
    Mechanism plain = MechanismCatalog.find(configuration.id());
    return Settings.make(plain.getClass(), configuration.settings());
  }

  private SequencedMap<String, Tensor> values(TensorFile file, Map<String, Stored> described)
      throws IOException {
    SequencedMap<String, Tensor> values = new LinkedHashMap<>();
    for (Map.Entry<String, Stored> entry : described.entrySet()) {
      String name = entry.getKey();
      check(json, file, name, entry.getValue().dtype(), entry.getValue().shape());
      values.put(name, file.tensor(name).to(Storage.F64));
    }
    return values;
  }

  /** Checks that a tensor of a file is what a document says. */
  static void check(String json, TensorFile file, String name, String dtype, List<Integer> extents)
      throws FormatException {
    Shape shape = file.shape(name);
    if (!shape.equals(Shape.of(extents.stream().mapToInt(Integer::intValue).toArray()))) {
      throw new FormatException(
          json, name + ".shape", "is " + extents + ", but the tensor's is " + shape);
    }
    DType type = file.dtype(name);
    if (!type.name().equals(dtype)) {
      throw new FormatException(
          json, name + ".dtype", "is " + dtype + ", but the tensor's is " + type);
    }
  }

  private FormatException fault(String field, String rule) {
    return new FormatException(json, field, rule);
  }
}
