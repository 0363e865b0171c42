package dev.assay.gradcheck.suite;

import dev.assay.catalog.MechanismCatalog;
import dev.assay.file.FormatException;
import dev.assay.file.TensorFile;
import dev.assay.gradcheck.suite.CaseDocument.Configuration;
import dev.assay.gradcheck.suite.CaseDocument.Stored;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.tensor.DType;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
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
  private final CasePair files;

  CaseReader(CasePair files) {
    this.files = files;
  }

  /**
   * The case.
   *
   * @throws FormatException that names the file, the field and the rule, if one is broken
   */
  GoldenCase read() throws IOException {
    CaseDocument document = files.document(CaseDocument.class);
    files.checkSchema(document.schema(), CaseDocument.SCHEMA);
    TensorFile tensors = files.tensors();
    Set<String> named = new HashSet<>(document.inputs().keySet());
    named.addAll(document.expect().keySet());
    if (!named.equals(Set.copyOf(tensors.names()))) {
      throw files.fault(
          "inputs, expect", "name " + named + ", but the tensors are " + tensors.names());
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
      throw files.broken(broken);
    }
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
      files.check(file, name, entry.getValue().dtype(), entry.getValue().shape());
      values.put(name, file.tensor(name).to(Storage.F64));
    }
    return values;
  }
}
