package dev.assay.gradcheck.golden;

import dev.assay.file.AtomicFile;
import dev.assay.gradcheck.suite.CaseDocument;
import dev.assay.gradcheck.suite.Checksums;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.ProofDocument;
import dev.assay.gradcheck.suite.RecipeCase;
import dev.assay.gradcheck.suite.RecipeDocument;
import dev.assay.gradcheck.suite.RelationsDocument;
import dev.assay.gradcheck.suite.SelectionsDocument;
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
  private static final String VERSION = "1.0.0";
  private static final String LICENCE = "CC0-1.0";

  /** The last two belong to rooms that this one may not know: a test holds all to the schemas. */
  private static final List<String> FORMS =
      List.of(
          SuiteDocument.SCHEMA,
          CaseDocument.SCHEMA,
          RecipeDocument.SCHEMA,
          ProofDocument.SCHEMA,
          SelectionsDocument.SCHEMA,
          RelationsDocument.SCHEMA,
          "assay-kill-matrix-1",
          "assay-result-1");

  private final SequencedMap<String, Note> flags = FlagDictionary.read();
  private final Consumer<String> progress;

  /**
   * A writer.
   *
   * @param progress is told the name of each case when it is computed, one at a time
   */
  SuiteFiles(Consumer<String> progress) {
    this.progress = progress;
  }

  /**
   * Writes cases, suite.json, proof.json and, over everything that lies in the folder then, the
   * checksums. Cases are computed in parallel: none depends on another.
   */
  ProofCounts write(Path folder) throws IOException {
    List<Task> tasks = new ArrayList<>();
    for (Family family : GoldenCatalog.families()) {
      family.drafts().forEach(draft -> tasks.add(new Task(family.name(), draft)));
    }
    Goldens goldens = new Goldens(flags, ReplayedFaults.of(folder));
    List<Proven> proven =
        new ArrayList<>(tasks.parallelStream().map(task -> compute(goldens, task)).toList());
    for (int t = 0; t < tasks.size(); t++) {
      new CaseFiles(proven.get(t).golden(), tasks.get(t).draft().problem()).write(folder);
    }
    proven.sort(Comparator.comparingInt(one -> one.golden().tcId()));
    List<GoldenCase> cases = proven.stream().map(Proven::golden).toList();
    List<RecipeCase> recipes = recipes(folder, goldens, proven);
    Documents.write(folder.resolve("suite.json"), document(cases, recipes));
    Documents.write(folder.resolve(ProofFile.NAME), ProofFile.document(proven));
    Documents.write(folder.resolve(SelectionsDocument.FILE), SelectionsFile.document(cases));
    AtomicFile.write(folder.resolve(Checksums.FILE), Checksums.list(folder));
    return ProofCounts.of(proven);
  }

  /** Computes and writes the recipes, one after the other, for each fills the memory. */
  private List<RecipeCase> recipes(Path folder, Goldens goldens, List<Proven> proven)
      throws IOException {
    Recipes writer = new Recipes(goldens::bugClass);
    List<RecipeCase> recipes = new ArrayList<>();
    for (RecipeDraft draft : RecipeCases.all()) {
      Recipes.ProvenRecipe one = writer.compute(draft);
      RecipeFiles.write(one.recipe(), folder);
      recipes.add(one.recipe());
      proven.add(one.proven());
      tell(one.recipe().golden().name());
    }
    return recipes;
  }

  private record Task(String family, Draft draft) {}

  private Proven compute(Goldens goldens, Task task) {
    Proven proven = goldens.compute(task.family(), task.draft());
    tell(proven.golden().name());
    return proven;
  }

  private synchronized void tell(String name) {
    progress.accept(name);
  }

  private SuiteDocument document(List<GoldenCase> cases, List<RecipeCase> recipes) {
    List<GoldenCase> large = recipes.stream().map(RecipeCase::golden).toList();
    List<GoldenCase> all = new ArrayList<>(cases);
    all.addAll(large);
    return new SuiteDocument(
        SuiteDocument.SCHEMA,
        ID,
        VERSION,
        LICENCE,
        FORMS,
        new Counts(
            cases.size(),
            large.size(),
            count(cases, one -> one.result().name().toLowerCase(Locale.ROOT)),
            count(cases, GoldenCase::family)),
        Arrays.stream(PrecisionClass.values()).map(PrecisionClass::id).toList(),
        entries(cases, CaseFiles::stem),
        entries(large, GoldenCase::name),
        used(all));
  }

  private static SequencedMap<String, Entry> entries(
      List<GoldenCase> cases, Function<GoldenCase, String> stem) {
    SequencedMap<String, Entry> entries = new LinkedHashMap<>();
    cases.forEach(one -> entries.put(one.name(), new Entry(one.tcId(), stem.apply(one))));
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
