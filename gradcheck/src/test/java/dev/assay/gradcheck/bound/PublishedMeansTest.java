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
import java.util.Map;
import java.util.TreeMap;
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

  /** Classes and tensors whose mean is another, is missing, or was not there. */
  private static Stream<String> others(GoldenCase golden, JsonNode published) {
    Map<String, Double> now = new TreeMap<>();
    BoundMeans.of(golden)
        .forEach(
            (id, tensors) -> tensors.forEach((tensor, mean) -> now.put(id + " " + tensor, mean)));
    Map<String, Double> said = new TreeMap<>();
    published
        .path(golden.name())
        .forEachEntry(
            (id, tensors) ->
                tensors.forEachEntry(
                    (tensor, mean) -> said.put(id + " " + tensor, mean.asDouble())));
    return Stream.concat(now.keySet().stream(), said.keySet().stream())
        .distinct()
        .filter(
            key -> {
              double one = said.getOrDefault(key, Double.NaN);
              return !(Math.abs(now.getOrDefault(key, Double.NaN) - one) <= DIGITS * one);
            })
        .map(key -> golden.name() + " " + key);
  }
}
