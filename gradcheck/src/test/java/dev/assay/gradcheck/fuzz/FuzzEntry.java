package dev.assay.gradcheck.fuzz;

import java.io.IOException;

/** What the coverage-guided fuzzer calls; a property names the reader. */
public final class FuzzEntry {
  /** The property that names the reader. */
  static final String READER = "assay.fuzz.reader";

  private static final FuzzReader CHOSEN = chosen();

  private FuzzEntry() {}

  private static FuzzReader chosen() {
    try {
      FuzzReader reader = FuzzReaders.find(System.getProperty(READER, ""));
      // What is loaded once is not counted as taken by the first document.
      for (byte[] valid : reader.corpus()) {
        reader.read().read(valid);
      }
      return reader;
    } catch (IOException broken) {
      throw new IllegalStateException(broken);
    }
  }

  /** One try; the name is the fuzzer's. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    var _ = Probe.accepts(CHOSEN, bytes);
  }
}
