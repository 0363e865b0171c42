package dev.assay.mechanism.learned;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.Mechanism;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The precise generator: {@code M = local OR content OR global}, and the diagonal always. Each
 * level has a gate m, and M is where the largest of them exceeds 1/2.
 */
final class PatternGenerator {
  private final Lspg lspg;
  private final Inputs inputs;
  private final ScorePlane plane;
  private final Tensor counts;
  private final Map<String, Tensor> choices = new LinkedHashMap<>();
  private double margin = Double.POSITIVE_INFINITY;

  PatternGenerator(Lspg lspg, Inputs inputs, ScorePlane plane) {
    this.lspg = lspg;
    this.inputs = inputs;
    this.plane = plane;
    this.counts = plane.counts();
  }

  SparsePattern generate() {
    List<Level> levels = new ArrayList<>();
    levels.add(Level.fixed("diagonal", where(this::isForced), plane.scores()));
    levels.add(local());
    if (lspg.globals() > 0) {
      GlobalKeys found = GlobalKeys.of(lspg, inputs, plane);
      choices.put("global_columns", found.chosen());
      note(found.margin());
      levels.add(gated(found.level(plane, lspg.causal()), "global_gate"));
    }
    Level content = content();
    levels.add(content);
    Var soft = Level.largest(levels);
    Tensor hard = lspg.selects() ? Level.any(levels) : plane.admissible();
    return new SparsePattern(
        plane.size(), hard, soft, choices, margin, reasons(levels, soft.value()));
  }

  private void note(double distance) {
    margin = Math.min(margin, distance);
  }

  private interface Place {
    boolean test(int b, int h, int row, int column);
  }

  private Tensor where(Place place) {
    return KeepMask.where(
        plane.shape(), x -> plane.admits(x) && place.test(x[0], x[1], x[2], x[3]));
  }

  /** The diagonal, and the only candidate of a row that has one. */
  private boolean isForced(int b, int h, int row, int column) {
    return plane.distance(b, row, column) == 0 || counts.at(b, h, row, 0) == 1;
  }

  private Level local() {
    Tensor near = where((b, h, row, column) -> plane.near(b, row, column, lspg.local()));
    return gated(Level.fixed("local", near, plane.scores()), "local_gate");
  }

  /** The level times the sigmoid of its learned logit, if there is one. */
  private Level gated(Level level, String name) {
    Var logit = Relevance.perHead(inputs, name, plane.shape(), 1);
    if (logit == null) {
      return level;
    }
    Shape heads = Shape.of(1, logit.shape().extent(0), 1, 1);
    Var share = Ops.sigmoid(Ops.reshape(logit, heads));
    for (double value : share.value().toDoubles()) {
      note(Math.abs(value - 0.5));
    }
    Tensor open =
        KeepMask.where(
            plane.shape(),
            x -> level.hard().at(x) != 0 && KeepMask.broadcast(share.value(), 0, x[1], 0, 0) > 0.5);
    return new Level(level.name(), open, Ops.mul(level.soft(), share));
  }

  private Level content() {
    Relevance relevance = Relevance.of(lspg, inputs, plane);
    Tensor admissible = plane.admissible();
    Tensor given = inputs.truths("selected");
    Require.argument(
        given == null || lspg.selects(),
        "selected was given, but maskMode LOG_SOFT without a budget selects nothing");
    if (lspg.budget() > 0) {
      Tensor chosen = given != null ? within(given) : best(relevance.u().value());
      choices.put("selected", chosen);
      Var gate = new Split(chosen, admissible).gate(relevance.u(), lspg.annealed());
      return new Level("content", chosen, gate);
    }
    Var above = Ops.sub(relevance.u(), relevance.t());
    Var gate = Ops.sigmoid(Ops.scale(above, 1 / lspg.annealed()));
    Tensor chosen = given != null ? within(given) : above(above.value());
    if (lspg.selects()) {
      choices.put("selected", chosen);
    }
    return new Level("content", chosen, Ops.select(gate, admissible));
  }

  private Tensor within(Tensor given) {
    Require.argument(
        given.shape().equals(plane.shape()),
        "selected has shape %s: %s is needed",
        given.shape(),
        plane.shape());
    return where((b, h, row, column) -> given.at(b, h, row, column) != 0);
  }

  private Tensor above(Tensor distance) {
    Tensor chosen = where((b, h, row, column) -> numbered(distance, b, h, row, column) > 0);
    for (int p = 0; p < distance.size() && lspg.selects(); p++) {
      if (plane.admissible().get(p) != 0) {
        note(Math.abs(distance.get(p)));
      }
    }
    return chosen;
  }

  private static double numbered(Tensor distance, int b, int h, int row, int column) {
    double u = distance.at(b, h, row, column);
    Require.argument(
        !Double.isNaN(u),
        "the relevance of column %d for row %d is NaN in batch entry %d, head %d: a pattern needs"
            + " numbers, or a given selected",
        column,
        row,
        b,
        h);
    return u;
  }

  /** The ceil(budget n_i) columns of largest u. */
  private Tensor best(Tensor u) {
    double[] chosen = new double[u.size()];
    Shape rows = plane.shape().with(3, 1);
    for (int row = 0; row < rows.size(); row++) {
      int[] x = rows.index(row);
      int[] candidates = plane.candidates(x[0], x[1], x[2]);
      int start = row * plane.shape().extent(3);
      // A product such as 0.7 * 10 lies a rounding above its whole number.
      int count = (int) Math.ceil(lspg.budget() * candidates.length - 1e-9);
      TopK top = TopK.of(c -> u.get(start + c), candidates, count, "the relevance of a column");
      for (int c : top.taken()) {
        chosen[start + c] = 1;
      }
      note(top.gap());
    }
    return Tensor.adopt(u.shape(), chosen);
  }

  private Mechanism.Rules reasons(List<Level> levels, Tensor gate) {
    int size = plane.size();
    return (b, h, i, j) -> {
      int row = i / size;
      int column = j / size;
      String m = String.format(Locale.ROOT, "m = %.3f", gate.at(b, h, row, column));
      if (!lspg.selects()) {
        return "soft: " + m;
      }
      String name = nameOf(levels, b, h, row, column);
      return name == null ? Mechanism.NOT_ATTENDED : name + ": " + m;
    };
  }

  private static @Nullable String nameOf(List<Level> levels, int b, int h, int row, int column) {
    for (Level level : levels) {
      if (level.hard().at(b, h, row, column) != 0) {
        return level.name();
      }
    }
    return null;
  }
}
