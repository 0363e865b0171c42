package dev.assay.gradcheck.mutant;

import dev.assay.file.AtomicFile;
import dev.assay.file.FormatException;
import dev.assay.file.Json;
import dev.assay.gradcheck.conformance.Alarm;
import dev.assay.gradcheck.mutant.KillMatrix.CaseColumn;
import dev.assay.gradcheck.mutant.KillMatrix.MutantRow;
import dev.assay.gradcheck.suite.Checksums;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import tools.jackson.databind.SerializationFeature;

/**
 * The kill matrix as it lies in the suite: the names of the cases, and for each mutant a character
 * for each case, trailing blanks left out.
 */
public final class KillMatrixFile {
  /** Where it lies in a suite. */
  public static final String PATH = "mutants/kill-matrix.json";

  private static final String SCHEMA = "assay-kill-matrix-1";

  private KillMatrixFile() {}

  private record Document(
      String schema,
      String suite,
      Map<String, String> letters,
      int core,
      List<String> cases,
      List<Entry> mutants) {}

  private record Entry(
      String id, String family, String fault, List<String> upstream, String gates) {}

  /** Its text. */
  public static String text(KillMatrix matrix) {
    StringBuilder text = new StringBuilder();
    text.append("{\n  \"schema\": ").append(json(SCHEMA));
    text.append(",\n  \"suite\": ").append(json(matrix.suite()));
    text.append(",\n  \"letters\": ").append(json(letters()));
    long core = matrix.cases().stream().filter(CaseColumn::core).count();
    text.append(",\n  \"core\": ").append(core).append(",\n  \"cases\": [");
    String before = "";
    for (CaseColumn column : matrix.cases()) {
      boolean sameFamily = before.equals(column.family());
      text.append(before.isEmpty() ? "\n    " : sameFamily ? ", " : ",\n    ");
      text.append(json(column.name()));
      before = column.family();
    }
    text.append("\n  ],\n  \"mutants\": [");
    String separator = "\n";
    for (MutantRow row : matrix.rows()) {
      Entry entry =
          new Entry(
              row.id(), row.family(), row.fault(), row.upstream(), row.gates().stripTrailing());
      text.append(separator).append("    ").append(json(entry));
      separator = ",\n";
    }
    return text.append("\n  ]\n}\n").toString();
  }

  private static Map<String, String> letters() {
    Map<String, String> letters = new LinkedHashMap<>();
    for (Alarm alarm : Alarm.values()) {
      letters.put(String.valueOf(alarm.letter()), alarm.meaning());
    }
    letters.put(String.valueOf(KillMatrix.ALIVE), "right on this case");
    letters.put(String.valueOf(KillMatrix.NOT_RUN), "not run on it");
    return letters;
  }

  private static String json(Object value) {
    return Json.mapper()
        .writer()
        .without(SerializationFeature.INDENT_OUTPUT)
        .writeValueAsString(value);
  }

  /**
   * The matrix of the suite on the class path.
   *
   * @throws IOException with one sentence, if it is missing or malformed
   */
  public static KillMatrix load() throws IOException {
    String name = "goldens/v1/" + PATH;
    try (InputStream file = KillMatrixFile.class.getResourceAsStream("/" + name)) {
      if (file == null) {
        throw new FormatException(
            name, "file", "is not on the class path: 'assay mutants --write' makes it");
      }
      return matrix(name, Json.read(name, file.readAllBytes(), Document.class));
    }
  }

  private static KillMatrix matrix(String name, Document document) throws IOException {
    if (!document.schema().equals(SCHEMA)) {
      throw new FormatException(
          name, "schema", "is '" + document.schema() + "', not '" + SCHEMA + "'");
    }
    List<CaseColumn> cases = new ArrayList<>();
    for (String one : document.cases()) {
      cases.add(new CaseColumn(one, cases.size() < document.core()));
    }
    List<MutantRow> rows = new ArrayList<>();
    for (Entry entry : document.mutants()) {
      int missing = cases.size() - entry.gates().length();
      if (missing < 0) {
        throw new FormatException(name, entry.id(), "has more gates than there are cases");
      }
      String gates = entry.gates() + String.valueOf(KillMatrix.NOT_RUN).repeat(missing);
      rows.add(new MutantRow(entry.id(), entry.family(), entry.fault(), entry.upstream(), gates));
    }
    return new KillMatrix(document.suite(), cases, rows);
  }

  /**
   * Writes it into a suite, and its line into the suite's checksums.
   *
   * @throws IOException with one sentence, if the folder is no suite or cannot be written
   */
  public static void write(KillMatrix matrix, Path suite) throws IOException {
    Map<String, String> sums = new TreeMap<>(Checksums.read(suite));
    Path file = suite.resolve(PATH);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    AtomicFile.write(file, text(matrix));
    sums.put(PATH, Checksums.of(Files.readAllBytes(file)));
    StringBuilder list = new StringBuilder();
    sums.forEach((path, sum) -> list.append(sum).append("  ").append(path).append('\n'));
    AtomicFile.write(suite.resolve(Checksums.FILE), list.toString());
  }
}
