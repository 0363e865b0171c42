package dev.assay.gradcheck.suite;

import dev.assay.check.Require;
import dev.assay.gradcheck.suite.RelationsDocument.Relation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A golden suite.
 *
 * @param id for instance {@code assay-goldens}
 * @param version of its files, for instance {@code 1.0.0}
 * @param cases in the order of their numbers
 * @param recipes the cases that are too large to store, in the order of their numbers
 * @param flags the dictionary of flags by name
 * @param relations which results of which cases belong together
 */
public record Suite(
    String id,
    String version,
    List<GoldenCase> cases,
    List<RecipeCase> recipes,
    SequencedMap<String, Flag> flags,
    List<Relation> relations) {
  /** Checks that numbers and names are unique, flags known, and that relations can be judged. */
  public Suite {
    Set<Integer> ids = new HashSet<>();
    Map<String, GoldenCase> names = new HashMap<>();
    for (GoldenCase one :
        Stream.concat(cases.stream(), recipes.stream().map(RecipeCase::golden)).toList()) {
      Require.argument(ids.add(one.tcId()), "two cases have the number %d", one.tcId());
      Require.argument(
          names.put(one.name(), one) == null, "two cases have the name %s", one.name());
      for (String flag : one.flags()) {
        Require.argument(
            flags.containsKey(flag), "case %s has the unknown flag %s", one.name(), flag);
      }
    }
    for (Relation one : relations) {
      GoldenCase left = names.get(one.left());
      GoldenCase right = names.get(one.right());
      if (left == null || right == null || left.samples() != null || right.samples() != null) {
        throw new IllegalArgumentException(
            "relation %s is about %s and %s, of which one is no stored case"
                .formatted(one.name(), one.left(), one.right()));
      }
      RelationRules.check(one, left, right);
    }
  }

  /**
   * The suite that comes with Assay, from the class path.
   *
   * @throws IOException with one sentence, if a file of it is missing, changed or malformed
   */
  public static Suite load() throws IOException {
    return SuiteReader.resource();
  }

  /**
   * The suite of a folder that holds {@code suite.json}.
   *
   * @throws IOException with one sentence, if a file of it is missing, changed or malformed
   */
  public static Suite load(Path folder) throws IOException {
    return SuiteReader.folder(folder);
  }

  /** All cases that results are judged by: those that are stored, then the recipes. */
  public List<GoldenCase> judged() {
    return Stream.concat(cases.stream(), recipes.stream().map(RecipeCase::golden)).toList();
  }

  /** The case of that name that is too large to store, if there is one. */
  public Optional<RecipeCase> recipe(String name) {
    return recipes.stream().filter(one -> one.golden().name().equals(name)).findFirst();
  }

  /**
   * The stored case of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public GoldenCase find(String name) {
    return cases.stream()
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the suite " + id + " has no case " + name + ": 'assay list cases' names all"));
  }
}
