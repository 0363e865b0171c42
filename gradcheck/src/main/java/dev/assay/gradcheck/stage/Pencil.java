package dev.assay.gradcheck.stage;

import dev.assay.gradcheck.gate.Comparison;
import dev.assay.gradcheck.guess.Axes;
import dev.assay.gradcheck.guess.Oracle;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.mechanism.Settings;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The arithmetic of one failing element as a table that a person can follow with a pencil: every
 * pair that it is made of, the sums, what is right, and what was handed in.
 */
public final class Pencil {
  private static final int MOST_PAIRS = 12;
  private static final int MOST_CHANNELS = 3;

  private final GoldenCase golden;
  private final @Nullable Evidence evidence;
  private final List<String> lines = new ArrayList<>();

  private Pencil(GoldenCase golden, @Nullable Evidence evidence) {
    this.golden = golden;
    this.evidence = evidence;
  }

  /**
   * The table of the worst element, in at most 22 lines of 100 columns.
   *
   * @param compared the tensors that were handed in, or those of them that fail
   * @param stage what the failure is blamed on
   */
  public static List<String> lines(
      GoldenCase golden, List<Comparison> compared, Attribution stage) {
    List<Comparison> wrong = compared.stream().filter(each -> !each.passes()).toList();
    Comparison first = wrong.getFirst();
    for (Comparison each : wrong) {
      first = order(each) < order(first) ? each : first;
    }
    Evidence evidence = Evidence.of(golden, compared, new Oracle(golden));
    Pencil pencil = new Pencil(golden, evidence);
    pencil.head();
    pencil.lines.add("stage: " + stage.sentence());
    int position = first.worst(1).getFirst();
    if (evidence != null) {
      pencil.table(first, position);
    }
    pencil.element(first, position, wrong);
    return pencil.lines.stream().map(Pencil::fitting).toList();
  }

  /**
   * The same table of any element, right or wrong, in lines of any length, without a stage and
   * without what was handed in; the head alone where the case is more than one softmax.
   *
   * @param each the tensor
   * @param position the element, row-major
   */
  public static List<String> lines(GoldenCase golden, Comparison each, int position) {
    List<Comparison> known = new ArrayList<>(List.of(each));
    Tensor out = golden.expect().get("out");
    if (out != null && !each.tensor().equals("out")) {
      known.add(Comparison.of("out", each.type(), out, out, Tensor.zeros(out.shape())));
    }
    Evidence evidence = Evidence.of(golden, known, new Oracle(golden));
    Pencil pencil = new Pencil(golden, evidence);
    pencil.head();
    if (evidence != null) {
      pencil.table(each, position);
    }
    pencil.formula(each, position);
    return List.copyOf(pencil.lines);
  }

  private static String fitting(String line) {
    return line.length() <= 100 ? line : line.substring(0, 97) + "...";
  }

  /** What comes first is told first: the output before the LSE before gradients. */
  private static int order(Comparison each) {
    int at = List.of("out", "lse", "dq", "dk", "dv").indexOf(each.tensor());
    return at < 0 ? 9 : at;
  }

  private void head() {
    StringBuilder text = new StringBuilder(golden.mechanism().id());
    if (evidence != null) {
      AttentionProblem x = evidence.problem();
      text.append(
          ": B %d, H %d over H_kv %d, n_q %d, n_k %d, d %d, d_v %d, scale %s"
              .formatted(
                  x.batches(),
                  x.heads(),
                  x.kvHeads(),
                  x.queries(),
                  x.keys(),
                  x.depth(),
                  x.valueDepth(),
                  number(x.scale())));
    }
    lines.add(text.toString());
    Map<String, String> plain = Settings.of(Settings.defaults(golden.mechanism().getClass()));
    Map<String, String> other = new TreeMap<>(Settings.of(golden.mechanism()));
    other.entrySet().removeAll(plain.entrySet());
    if (!other.isEmpty()) {
      lines.add("with " + other);
    }
  }

  private void table(Comparison each, int position) {
    Axes axes = Axes.of(each.tensor(), each.golden().shape());
    if (!axes.byHead()) {
      return;
    }
    int[] at = each.golden().shape().index(position);
    Row row = new Row(Objects.requireNonNull(evidence));
    if (axes.token().equals("k")) {
      key(row, at);
    } else {
      query(row, row.problem().queryRow(at[0], at[1], at[2]), !order(each, "lse"));
    }
  }

  private static boolean order(Comparison each, String until) {
    return each.tensor().equals("out") || each.tensor().equals(until);
  }

  /** All keys of one query. */
  private void query(Row row, int at, boolean backward) {
    row.of(at);
    AttentionProblem problem = row.problem();
    RowResult right = row.right();
    int q = at * problem.depth();
    lines.add(
        "query %d of head %d, batch entry %d: q = %s"
            .formatted(
                row.query(), row.head(), row.batch(), vector(problem.q(), q, problem.depth())));
    Tensor dOut = backward ? golden.inputs().get("d_out") : null;
    double delta = dOut == null ? 0 : delta(row, right, dOut);
    lines.add(
        dOut == null
            ? line("key", "k", "v", "s = scale q.k", "p = e^(s-LSE)", "")
            : line("key", "k", "v", "p", "dP = dOut.v", "dS = p (dP-delta)"));
    int masked = row.keys() - pairs(row, right, dOut, delta);
    String unseen = masked == 0 ? "" : ", %d keys masked".formatted(masked);
    lines.add(
        "LSE = log sum e^s = %s%s%s"
            .formatted(
                number(right.lse()),
                unseen,
                dOut == null
                    ? ""
                    : ", dOut = "
                        + vector(dOut, at * problem.valueDepth(), problem.valueDepth())
                        + ", delta = dOut.out - dLse = "
                        + number(delta)));
  }

  /**
   * A line for each key that the row meets, or for neighbours that are alike; how many it meets.
   */
  private int pairs(Row row, RowResult right, @Nullable Tensor dOut, double delta) {
    int met = 0;
    List<Pair> pairs = new ArrayList<>();
    for (int j = 0; j < row.keys(); j++) {
      if (row.met(j)) {
        met++;
        String rest = pair(row, j, right, dOut, delta);
        boolean same = !pairs.isEmpty() && pairs.getLast().rest.equals(rest);
        Pair before = same ? pairs.removeLast() : new Pair(j, j, rest);
        pairs.add(new Pair(before.from, j, rest));
      }
    }
    pairs.stream().limit(MOST_PAIRS).forEach(pair -> lines.add(pair.line()));
    if (pairs.size() > MOST_PAIRS) {
      lines.add("  ... and more, up to key %d".formatted(pairs.getLast().to));
    }
    return met;
  }

  /** Neighbouring keys whose numbers are the same. */
  private record Pair(int from, int to, String rest) {
    String line() {
      return "%7s%s".formatted(from == to ? "" + from : from + ".." + to, rest);
    }
  }

  private String pair(Row row, int j, RowResult right, @Nullable Tensor dOut, double delta) {
    AttentionProblem problem = row.problem();
    String k = vector(problem.k(), row.keyRow(j) * problem.depth(), problem.depth());
    String v = vector(problem.v(), row.keyRow(j) * problem.valueDepth(), problem.valueDepth());
    double p = StrictMath.exp(row.logit(j) - right.lse());
    if (dOut == null) {
      return line("", k, v, number(row.logit(j)), number(p), "").substring(7);
    }
    double dP = dP(row, j, dOut);
    return line("", k, v, number(p), number(dP), number(p * (dP - delta))).substring(7);
  }

  private static double dP(Row row, int j, Tensor dOut) {
    double dot = 0;
    int width = row.problem().valueDepth();
    for (int c = 0; c < width; c++) {
      dot += dOut.get(row.row() * width + c) * row.value(j, c);
    }
    return row.keep(j) * dot;
  }

  private double delta(Row row, RowResult right, Tensor dOut) {
    Tensor dLse = golden.inputs().get("d_lse");
    double delta = dLse == null ? 0 : -dLse.get(row.row());
    for (int c = 0; c < right.out().length; c++) {
      delta += right.out()[c] * dOut.get(row.row() * right.out().length + c);
    }
    return delta;
  }

  /** All queries of one key. */
  private void key(Row row, int[] at) {
    AttentionProblem problem = row.problem();
    Tensor dOut = golden.inputs().get("d_out");
    lines.add("key %d of key head %d, batch entry %d".formatted(at[2], at[1], at[0]));
    lines.add(line("query", "q", "dOut", "p", "dP = dOut.v", "dS = p (dP-delta)"));
    int shown = 0;
    for (int query = 0; query < problem.lseShape().size() && dOut != null; query++) {
      row.of(query);
      boolean mine = row.batch() == at[0] && problem.kvHead(row.head()) == at[1];
      if (!mine || at[2] >= row.keys() || !row.met(at[2])) {
        continue;
      }
      if (shown++ < MOST_PAIRS) {
        RowResult right = row.right();
        double p = StrictMath.exp(row.logit(at[2]) - right.lse());
        double dP = dP(row, at[2], dOut);
        String q = vector(problem.q(), query * problem.depth(), problem.depth());
        int width = problem.valueDepth();
        String name = problem.heads() == problem.kvHeads() ? "" : " (h %d)".formatted(row.head());
        lines.add(
            line(
                row.query() + name,
                q,
                vector(dOut, query * width, width),
                number(p),
                number(dP),
                number(p * (dP - delta(row, right, dOut)))));
      }
    }
    if (shown > MOST_PAIRS) {
      lines.add("  ... and %d more queries".formatted(shown - MOST_PAIRS));
    }
  }

  /** What the element is made of, and what is right. */
  private void formula(Comparison each, int position) {
    Axes axes = Axes.of(each.tensor(), each.golden().shape());
    String formula =
        switch (each.tensor()) {
          case "out" -> " = sum p v";
          case "lse" -> " = log sum e^s";
          case "dq" -> " = scale sum dS k";
          case "dk" -> " = scale sum dS q";
          case "dv" -> " = sum p dOut";
          default -> "";
        };
    lines.add("%s%s at %s".formatted(each.tensor(), formula, axes.describe(position)));
    lines.add("  right  " + number(each.golden().get(position)));
  }

  private void element(Comparison each, int position, List<Comparison> wrong) {
    formula(each, position);
    lines.add(
        "  got    %s, off by %s, the bound is %s"
            .formatted(
                number(each.value().get(position)),
                number(each.value().get(position) - each.golden().get(position)),
                number(each.bound().get(position))));
    List<String> others = wrong.stream().map(Comparison::tensor).toList();
    lines.add("wrong: " + String.join(", ", others));
  }

  private static String line(String a, String b, String c, String d, String e, String f) {
    return "%7s  %-20s %-20s %13s  %13s  %s".formatted(a, b, c, d, e, f).stripTrailing();
  }

  private static String vector(Tensor tensor, int from, int width) {
    StringBuilder text = new StringBuilder("(");
    for (int c = 0; c < Math.min(width, MOST_CHANNELS); c++) {
      text.append(c == 0 ? "" : ", ").append(number(tensor.get(from + c)));
    }
    return text.append(width > MOST_CHANNELS ? ", ...)" : ")").toString();
  }

  private static String number(double x) {
    return x == Math.rint(x) && Math.abs(x) < 1e6
        ? Long.toString((long) x)
        : String.format(Locale.ROOT, "%.5g", x);
  }
}
