package dev.assay.gradcheck.bound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.file.Json;
import dev.assay.gradcheck.suite.Expectation;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.Suite;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * A bound that grows blames nobody and so fails no other test; here every formula is held to the
 * figures that were published with it.
 */
class PublishedMeansTest {
  /** They are printed with nine digits. */
  private static final double DIGITS = 1e-8;

  @Test
  void the_bounds_of_the_suite_are_those_that_are_published() throws IOException {
    JsonNode published = Json.read(Path.of("../docs/bounds.json")).get("means");
    List<GoldenCase> cases =
        Suite.load().cases().stream().filter(one -> one.result() == Expectation.VALID).toList();
    assertEquals(cases.size(), published.size());
    TreeSet<String> others =
        new TreeSet<>(cases.parallelStream().flatMap(one -> others(one, published)).toList());
    assertTrue(others.isEmpty(), () -> others + ": './assay bounds --write' if that is meant");
  }

  private static Stream<String> others(GoldenCase golden, JsonNode published) {
    return BoundMeans.of(golden).entrySet().stream()
        .flatMap(
            own ->
                own.getValue().entrySet().stream()
                    .filter(
                        mean -> {
                          double said =
                              published
                                  .path(golden.name())
                                  .path(own.getKey())
                                  .path(mean.getKey())
                                  .asDouble(Double.NaN);
                          return !(Math.abs(mean.getValue() - said) <= DIGITS * said);
                        })
                    .map(mean -> golden.name() + " " + own.getKey() + " " + mean.getKey()));
  }
}
