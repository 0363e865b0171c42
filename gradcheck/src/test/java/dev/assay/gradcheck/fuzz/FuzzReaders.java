package dev.assay.gradcheck.fuzz;

import dev.assay.gradcheck.conformance.ResultReaders;
import dev.assay.gradcheck.export.ExportReaders;
import dev.assay.gradcheck.onnx.OnnxReaders;
import dev.assay.gradcheck.suite.SuiteReaders;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The one list of readers of files that somebody else may have made. */
final class FuzzReaders {
  private FuzzReaders() {}

  /** All of them; the short and the long run and the kept files go through this list. */
  static List<FuzzReader> all() throws IOException {
    List<FuzzReader> all = new ArrayList<>(new FileReaders().all());
    all.addAll(LayoutReaders.all());
    all.addAll(new DataReaders().all());
    SuiteReaders suite = new SuiteReaders();
    all.addAll(suite.all());
    all.addAll(new ResultReaders(suite.suite()).all());
    all.addAll(new ExportReaders().all());
    all.addAll(new OnnxReaders().all());
    return all;
  }

  /** The reader of that name. */
  static FuzzReader find(String name) throws IOException {
    return all().stream()
        .filter(reader -> reader.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no reader is called " + name));
  }
}
