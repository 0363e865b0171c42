package dev.assay.gradcheck.suite;

import dev.assay.check.Require;
import dev.assay.gradcheck.suite.RelationsDocument.Link;
import dev.assay.gradcheck.suite.RelationsDocument.Relation;
import dev.assay.gradcheck.suite.RelationsDocument.Take;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.regex.Pattern;

/** What a relation must keep to, so that each of its maps can be judged element by element. */
final class RelationRules {
  private static final Pattern REAL = Pattern.compile("-?0x[01](\\.[0-9a-f]+)?p-?[0-9]{1,4}");

  private RelationRules() {}

  /**
   * Checks a relation between two cases.
   *
   * @throws IllegalArgumentException with one sentence, if it breaks a rule
   */
  static void check(Relation relation, GoldenCase left, GoldenCase right) {
    Require.argument(
        !relation.maps().isEmpty(), "relation %s has no map: give at least one", relation.name());
    for (Link map : relation.maps()) {
      String where = "relation %s, map of %s".formatted(relation.name(), map.tensor());
      real(where, "times", map.times());
      real(where, "plus", map.plus());
      Shape from = shape(where, left, map.tensor());
      Shape to = shape(where, right, map.tensor());
      Take take = map.take();
      if (take != null) {
        places(where, take, from, to);
        from = from.with(take.axis(), 1);
        to = to.with(take.axis(), 1);
      }
      Require.argument(
          from.equals(to), "%s: the shapes %s and %s do not fit each other", where, from, to);
    }
  }

  private static void real(String where, String field, String text) {
    Require.argument(
        REAL.matcher(text).matches(),
        "%s: %s is '%s': write a hexadecimal float, as 0x1.8p-2",
        where,
        field,
        text);
  }

  private static Shape shape(String where, GoldenCase golden, String name) {
    Tensor tensor = golden.expect().get(name);
    Require.argument(
        tensor != null,
        "%s: the case %s expects no such result, but %s",
        where,
        golden.name(),
        golden.expect().keySet());
    return tensor == null ? Shape.of() : tensor.shape();
  }

  private static void places(String where, Take take, Shape left, Shape right) {
    int axes = Math.min(left.rank(), right.rank());
    Require.argument(
        take.axis() >= 0 && take.axis() < axes,
        "%s: axis is %d, but the tensors have the axes 0 to %d",
        where,
        take.axis(),
        axes - 1);
    Require.argument(
        take.left().size() == take.right().size() && !take.left().isEmpty(),
        "%s: take has %d places on the left and %d on the right: give as many, at least one",
        where,
        take.left().size(),
        take.right().size());
    within(where, take.left(), left.extent(take.axis()));
    within(where, take.right(), right.extent(take.axis()));
  }

  private static void within(String where, List<Integer> places, int extent) {
    for (int place : places) {
      Require.argument(
          place >= 0 && place < extent,
          "%s: place %d of take is outside the %d places of its axis",
          where,
          place,
          extent);
    }
  }
}
