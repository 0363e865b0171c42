package dev.assay.gradcheck.conformance;

import dev.assay.gradcheck.conformance.Judge.Judged;
import dev.assay.gradcheck.gate.Comparison;
import dev.assay.gradcheck.suite.RelationsDocument.Holds;
import dev.assay.gradcheck.suite.RelationsDocument.Link;
import dev.assay.gradcheck.suite.RelationsDocument.Relation;
import dev.assay.gradcheck.suite.RelationsDocument.Take;
import dev.assay.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The relations of a suite, held against what was compared. They need no golden number: a result
 * must fit another result of the same implementation. A relation is judged map by map, where both
 * results were handed in, and holds if none of its judged maps is broken.
 */
final class Relations {
  private final Map<String, List<Comparison>> compared = new HashMap<>();
  private final Map<String, Set<String>> loose;
  private final Map<String, List<String>> broken = new HashMap<>();
  private int judged;

  /**
   * Judges all relations.
   *
   * @param cases what was compared
   * @param loose by case the results that were declared to differ from run to run; they are held
   *     against their bounds only
   */
  Relations(List<Relation> relations, List<Judged> cases, Map<String, Set<String>> loose) {
    this.loose = loose;
    cases.forEach(one -> compared.put(one.verdict().golden().name(), one.compared()));
    for (Relation relation : relations) {
      judge(relation);
    }
  }

  /** What is said of a run: how many relations hold, of those that could be judged. */
  String note() {
    return "%d of %d relations between results hold".formatted(judged - breaks(), judged);
  }

  private int breaks() {
    return broken.values().stream().mapToInt(List::size).sum();
  }

  /** How many could be judged. */
  int judged() {
    return judged;
  }

  /** How a case breaks relations as their right side, in words; empty if it breaks none. */
  Optional<String> broken(String name) {
    return Optional.ofNullable(broken.get(name)).map(all -> String.join("; ", all));
  }

  private void judge(Relation relation) {
    List<Link> maps = new ArrayList<>(relation.maps());
    maps.removeIf(
        map ->
            find(relation.left(), map.tensor()).isEmpty()
                || find(relation.right(), map.tensor()).isEmpty());
    if (maps.isEmpty()) {
      return;
    }
    judged++;
    List<String> places = new ArrayList<>();
    for (Link map : maps) {
      Comparison left = find(relation.left(), map.tensor()).orElseThrow();
      Comparison right = find(relation.right(), map.tensor()).orElseThrow();
      boolean bits = relation.holds() == Holds.BITS && !isLoose(relation, map.tensor());
      difference(map, left, right, bits)
          .map(
              where ->
                  "%s does not fit that of %s at %s"
                      .formatted(map.tensor(), relation.left(), where))
          .ifPresent(places::add);
    }
    if (!places.isEmpty()) {
      String all = String.join(", and ", places);
      broken
          .computeIfAbsent(relation.right(), _ -> new ArrayList<>())
          .add("relation %s: %s: %s".formatted(relation.name(), all, relation.reason()));
    }
  }

  private Optional<Comparison> find(String name, String tensor) {
    return compared.getOrDefault(name, List.of()).stream()
        .filter(one -> one.tensor().equals(tensor))
        .findFirst();
  }

  private boolean isLoose(Relation relation, String tensor) {
    Set<String> both = new HashSet<>(loose.getOrDefault(relation.left(), Set.of()));
    both.addAll(loose.getOrDefault(relation.right(), Set.of()));
    return both.contains(tensor);
  }

  /** Where the two do not fit; empty if they do. */
  private static Optional<String> difference(
      Link map, Comparison left, Comparison right, boolean bits) {
    double times = Double.parseDouble(map.times());
    double plus = Double.parseDouble(map.plus());
    Shape shape = seen(right.value().shape(), map.take());
    for (int p = 0; p < shape.size(); p++) {
      int l = left.value().shape().offset(place(shape, p, map.take(), true));
      int r = right.value().shape().offset(place(shape, p, map.take(), false));
      double expected = times * left.value().get(l) + plus;
      double found = right.value().get(r);
      double bound = Math.abs(times) * left.bound().get(l) + right.bound().get(r);
      boolean same = found == expected || (Double.isNaN(found) && Double.isNaN(expected));
      if (!same && (bits || !(Math.abs(found - expected) <= bound))) {
        return Optional.of(
            Arrays.toString(right.value().shape().index(r)) + ", " + found + " for " + expected);
      }
    }
    return Optional.empty();
  }

  private static Shape seen(Shape shape, @Nullable Take take) {
    return take == null ? shape : shape.with(take.axis(), take.right().size());
  }

  private static int[] place(Shape shape, int position, @Nullable Take take, boolean left) {
    int[] at = shape.index(position);
    if (take != null) {
      at[take.axis()] = (left ? take.left() : take.right()).get(at[take.axis()]);
    }
    return at;
  }
}
