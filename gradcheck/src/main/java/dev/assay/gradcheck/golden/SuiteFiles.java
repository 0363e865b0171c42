package dev.assay.gradcheck.golden;

import dev.assay.file.AtomicFile;
import dev.assay.gradcheck.suite.CaseDocument;
import dev.assay.gradcheck.suite.Checksums;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.SuiteDocument;
import dev.assay.gradcheck.suite.SuiteDocument.Counts;
import dev.assay.gradcheck.suite.SuiteDocument.Entry;
import dev.assay.gradcheck.suite.SuiteDocument.Note;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** All files of the suite that are made and not written by hand. */
final class SuiteFiles {
  private static final String ID = "assay-goldens";
  private static final String VERSION = "1.0.0-draft";
  private static final String LICENCE = "CC0-1.0";

  private final SequencedMap<String, Note> flags = FlagDictionary.read();
  private final Goldens goldens = new Goldens(flags);
  private final Consumer<String> progress;

  /**
   * A writer.
   *
   * @param progress is told the name of each case when it is written
   */
  SuiteFiles(Consumer<String> progress) {
    this.progress = progress;
  }

  /** Writes cases, suite.json and, over everything that lies in the folder then, the checksums. */
  void write(Path folder) throws IOException {
    List<GoldenCase> cases = new ArrayList<>();
    for (Family family : GoldenCatalog.families()) {
      for (Draft draft : family.drafts()) {
        GoldenCase golden = goldens.compute(family.name(), draft);
        new CaseFiles(golden, draft.problem()).write(folder);
        cases.add(golden);
        progress.accept(golden.name());
      }
    }
    cases.sort(Comparator.comparingInt(GoldenCase::tcId));
    Documents.write(folder.resolve("suite.json"), document(cases));
    AtomicFile.write(folder.resolve(Checksums.FILE), Checksums.list(folder));
  }

  private SuiteDocument document(List<GoldenCase> cases) {
    return new SuiteDocument(
        SuiteDocument.SCHEMA,
        ID,
        VERSION,
        LICENCE,
        List.of(SuiteDocument.SCHEMA, CaseDocument.SCHEMA),
        new Counts(
            cases.size(),
            count(cases, one -> one.result().name().toLowerCase(Locale.ROOT)),
            count(cases, GoldenCase::family)),
        Arrays.stream(PrecisionClass.values()).map(PrecisionClass::id).toList(),
        entries(cases),
        used(cases));
  }

  private static SequencedMap<String, Entry> entries(List<GoldenCase> cases) {
    SequencedMap<String, Entry> entries = new LinkedHashMap<>();
    cases.forEach(one -> entries.put(one.name(), new Entry(one.tcId(), CaseFiles.stem(one))));
    return entries;
  }

  private static SequencedMap<String, Integer> count(
      List<GoldenCase> cases, Function<GoldenCase, String> by) {
    SequencedMap<String, Integer> counts = new TreeMap<>();
    cases.forEach(one -> counts.merge(by.apply(one), 1, Integer::sum));
    return counts;
  }

  private SequencedMap<String, Note> used(List<GoldenCase> cases) {
    Set<String> names = new HashSet<>();
    cases.forEach(one -> names.addAll(one.flags()));
    SequencedMap<String, Note> used = new LinkedHashMap<>(flags);
    used.keySet().retainAll(names);
    return used;
  }
}
