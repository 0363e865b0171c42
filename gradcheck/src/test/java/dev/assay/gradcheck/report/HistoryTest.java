package dev.assay.gradcheck.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.assay.gradcheck.report.History.News;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.gradcheck.verdict.CaseVerdict;
import dev.assay.gradcheck.verdict.RunVerdict;
import dev.assay.gradcheck.verdict.Status;
import dev.assay.gradcheck.verdict.SubjectVerdict;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a history keeps of a run, and what it says of the next one. */
class HistoryTest {
  private static final Instant THEN = Instant.parse("2027-03-31T12:00:00.123Z");

  @TempDir private Path folder = Path.of("");

  @Test
  void a_run_is_kept_as_its_schema_says() throws IOException {
    RunVerdict failing = Verdicts.failing();
    Path file = History.open(folder, Suite.load()).add(failing, THEN);
    assertTrue(file.toString().contains("20270331T120000.123Z-"), file.toString());
    try (InputStream text =
        Objects.requireNonNull(History.class.getResourceAsStream("history.schema.json"))) {
      Schema schema =
          SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(text);
      assertEquals(List.of(), schema.validate(Files.readString(file), InputFormat.JSON));
    }
  }

  @Test
  void nothing_is_new_of_the_same_verdict() throws IOException {
    RunVerdict known = Verdicts.known();
    Suite suite = Suite.load();
    History.open(folder, suite).add(known, THEN);
    List<News> news = History.open(folder, suite).since(known);
    assertEquals(1, news.size());
    assertEquals(2, news.getFirst().diff().same());
    assertTrue(!news.getFirst().any());
  }

  @Test
  void the_last_of_several_runs_is_the_one_that_counts() throws IOException {
    RunVerdict none = new RunVerdict("s", List.of(), List.of(), List.of());
    Suite suite = Suite.load();
    History.open(folder, suite).add(Verdicts.failing(), THEN);
    History.open(folder, suite).add(none, THEN.plusMillis(1));
    assertEquals(List.of(), History.open(folder, suite).since(Verdicts.failing()));
  }

  @Test
  void a_recipe_that_begins_to_fail_is_news() throws IOException {
    Suite suite = Suite.load();
    History.open(folder, suite).add(ofRecipe(suite, Status.PASSED), THEN);
    List<News> news = History.open(folder, suite).since(ofRecipe(suite, Status.FAILED));
    assertEquals(1, news.size());
    assertTrue(news.getFirst().any());
  }

  private static RunVerdict ofRecipe(Suite suite, Status status) {
    GoldenCase recipe = suite.recipes().getFirst().golden();
    CaseVerdict told = new CaseVerdict(recipe, status, "", List.of(), Map.of(), "", null);
    SubjectVerdict subject =
        new SubjectVerdict("s", PrecisionClass.F32_FLASH, "", List.of(told), List.of());
    return new RunVerdict("suite", List.of(subject), List.of(), List.of());
  }
}
