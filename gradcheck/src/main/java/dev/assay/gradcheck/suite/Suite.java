package dev.assay.gradcheck.suite;

import dev.assay.check.Require;
import dev.assay.gradcheck.suite.RelationsDocument.Relation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/**
 * A golden suite.
 *
 * @param id for instance {@code assay-goldens}
 * @param version of its files, for instance {@code 1.0.0-draft}
 * @param cases in the order of their numbers
 * @param flags the dictionary of flags by name
 * @param relations which results of which cases belong together
 */
public record Suite(
    String id,
    String version,
    List<GoldenCase> cases,
    SequencedMap<String, Flag> flags,
    List<Relation> relations) {
  /** Checks that numbers and names are unique, flags known, and that relations can be judged. */
  public Suite {
    Set<Integer> ids = new HashSet<>();
    Map<String, GoldenCase> names = new HashMap<>();
    for (GoldenCase one : cases) {
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
      if (left == null || right == null) {
        throw new IllegalArgumentException(
            "relation %s is about %s and %s, of which one is no case"
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

  /**
   * The case of that name.
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
