package dev.assay.wiring;

import static dev.assay.wiring.LayerFunctions.plain;

import dev.assay.check.Require;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoublePredicate;

/** What makes masks, lists and lengths; no gradient goes through. */
final class ChoiceFunctions {
  static final List<Function> ALL =
      List.of(
          new Function(
              "greater(x, c)",
              "1 where x > c, else 0.",
              it -> where(it.tensor(0), above(it.number(1)))),
          new Function(
              "at_least(x, c)",
              "1 where x >= c, else 0.",
              it -> where(it.tensor(0), atLeast(it.number(1)))),
          new Function(
              "finite(x)",
              "1 where x is a finite number, else 0.",
              it -> where(it.tensor(0), Double::isFinite)),
          new Function(
              "nonzero(x)", "1 where x is not 0, else 0.", it -> where(it.tensor(0), x -> x != 0)),
          new Function(
              "floor(x)",
              "The next whole number below.",
              it -> {
                Tensor x = it.tensor(0);
                return plain(Tensor.generate(x.shape(), p -> Math.floor(x.get(p))));
              }),
          new Function(
              "max(a, b)",
              "The larger of two numbers.",
              it -> new Value.Scalar(Math.max(it.number(0), it.number(1)))),
          new Function(
              "where(keep, a, b)",
              "a where keep is not 0, else the number b.",
              it -> {
                Tensor keep = it.tensor(0);
                Tensor a = it.tensor(1);
                double b = it.number(2);
                same("where(keep, a, b)", keep, a);
                return plain(Tensor.generate(a.shape(), p -> keep.get(p) != 0 ? a.get(p) : b));
              }),
          new Function(
              "pairs(valid)",
              "Which pairs of valid tokens exist: [B, n] of 0 and 1 as a mask [B, 1, n, n].",
              ChoiceFunctions::pairs),
          new Function(
              "lengths(cu_seqlens)",
              "The lengths of packed sequences, [B].",
              it -> {
                Tensor starts = it.tensor(0);
                Require.argument(starts.size() > 0, "cu_seqlens is empty: it begins with 0");
                return plain(
                    Tensor.generate(
                        Shape.of(starts.size() - 1), b -> starts.get(b + 1) - starts.get(b)));
              }),
          new Function(
              "sets(lists, [counts])",
              "Each list along the last axis ascending, -1 behind; what is below 0, or whose counts"
                  + " are 0, is none of it.",
              ChoiceFunctions::sets),
          new Function(
              "pick(x, lists)",
              "The elements of x along the last axis that the lists name.",
              ChoiceFunctions::pick),
          new Function(
              "marks(lists, n)",
              "1 at each of n places that the list along the last axis names, else 0.",
              ChoiceFunctions::marks),
          new Function(
              "index(x, axis)",
              "Each element's own index along an axis.",
              it -> {
                Shape shape = it.tensor(0).shape();
                int axis = shape.normalise(it.integer(1));
                return plain(Tensor.generate(shape, p -> shape.index(p)[axis]));
              }),
          new Function(
              "fill(number, extent, ...)",
              "The same number everywhere.",
              it -> plain(Tensor.full(Shape.of(it.integers(1)), it.number(0)))),
          new Function(
              "numbers(x, ...)",
              "A tensor of rank 1 with these numbers.",
              it -> {
                double[] all = new double[it.count()];
                Arrays.setAll(all, it::number);
                return plain(Tensor.of(Shape.of(all.length), all));
              }));

  private ChoiceFunctions() {}

  private static DoublePredicate above(double c) {
    return x -> x > c;
  }

  private static DoublePredicate atLeast(double c) {
    return x -> x >= c;
  }

  private static Value where(Tensor x, DoublePredicate holds) {
    return plain(Tensor.generate(x.shape(), p -> holds.test(x.get(p)) ? 1 : 0));
  }

  private static void same(String signature, Tensor a, Tensor b) {
    Require.argument(
        a.shape().equals(b.shape()),
        "%s got the shapes %s and %s: they must be the same",
        signature,
        a.shape(),
        b.shape());
  }

  private static Value pairs(Arguments it) {
    Tensor valid = it.tensor(0);
    Functions.rank("pairs(valid)", valid.shape().rank(), 2);
    int n = valid.shape().extent(1);
    return plain(
        Tensor.generate(
            Shape.of(valid.shape().extent(0), 1, n, n),
            p -> valid.get(p / (n * n) * n + p / n % n) * valid.get(p / (n * n) * n + p % n)));
  }

  private static Value sets(Arguments it) {
    Tensor lists = it.tensor(0);
    Tensor counts = it.count() > 1 ? it.tensor(1) : null;
    if (counts != null) {
      same("sets(lists, [counts])", lists, counts);
    }
    double[] all = lists.toDoubles();
    for (int p = 0; p < all.length; p++) {
      boolean none = all[p] < 0 || (counts != null && counts.get(p) == 0);
      all[p] = none ? Double.POSITIVE_INFINITY : all[p];
    }
    int width = lists.shape().extent(-1);
    for (int row = 0; row < all.length; row += width) {
      Arrays.sort(all, row, row + width);
    }
    return plain(Tensor.generate(lists.shape(), p -> Double.isInfinite(all[p]) ? -1 : all[p]));
  }

  private static Value pick(Arguments it) {
    Tensor x = it.tensor(0);
    Tensor lists = it.tensor(1);
    int from = x.shape().extent(-1);
    int width = lists.shape().extent(-1);
    Require.argument(
        x.shape().with(-1, 1).equals(lists.shape().with(-1, 1)),
        "pick(x, lists) got the shapes %s and %s: they must agree but for the last axis",
        x.shape(),
        lists.shape());
    return plain(
        Tensor.generate(lists.shape(), p -> x.get(p / width * from + index(lists.get(p), from))));
  }

  private static int index(double number, int places) {
    Require.argument(number == Math.rint(number), "an index is %s: it must be whole", number);
    return Require.index((int) number, places, "an index");
  }

  private static Value marks(Arguments it) {
    Tensor lists = it.tensor(0);
    int places = it.integer(1);
    int width = lists.shape().extent(-1);
    double[] marks = new double[lists.shape().with(-1, places).size()];
    for (int p = 0; p < lists.size(); p++) {
      if (lists.get(p) >= 0) {
        marks[p / width * places + index(lists.get(p), places)] = 1;
      }
    }
    return plain(Tensor.adopt(lists.shape().with(-1, places), marks));
  }
}
