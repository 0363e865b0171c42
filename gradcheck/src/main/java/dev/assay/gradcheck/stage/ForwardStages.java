package dev.assay.gradcheck.stage;

import dev.assay.gradcheck.gate.Comparison;
import dev.assay.gradcheck.stage.Solver.Finding;
import dev.assay.plan.AttentionProblem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The stage of a wrong output or LSE. Faults with nothing to choose come first: of those that
 * explain nearly all that fails, the one that explains most. Then what is solved for from each row,
 * then what the numbers themselves tell, then what is right and wrong together.
 */
final class ForwardStages {
  private static final int FAILING = 32;
  private static final int PASSING = 16;

  /** Share of what fails that a fault must explain. */
  private static final double NEARLY_ALL = 0.95;

  /** The same for faults whose rounding depends on the order of evaluation. */
  private static final double MOST = 0.6;

  private final Evidence evidence;
  private final Row row;
  private final List<Integer> failing = new ArrayList<>();
  private final List<Integer> passing = new ArrayList<>();

  ForwardStages(Evidence evidence) {
    this.evidence = evidence;
    this.row = new Row(evidence);
    int rows = evidence.problem().lseShape().size();
    for (int at = 0; at < rows; at++) {
      (fails(at) ? failing : passing).add(at);
    }
    thin(failing, FAILING);
    thin(passing, PASSING);
  }

  private boolean fails(int at) {
    Comparison lse = evidence.compared().get("lse");
    Comparison out = evidence.compared().get("out");
    boolean fails = lse != null && Evidence.failing(lse, at);
    int width = evidence.problem().valueDepth();
    for (int c = 0; c < width && !fails && out != null; c++) {
      fails = Evidence.failing(out, at * width + c);
    }
    return fails;
  }

  /** Leaves so many rows, evenly, the first and the last among them. */
  private static void thin(List<Integer> rows, int most) {
    if (rows.size() > most) {
      List<Integer> all = List.copyOf(rows);
      rows.clear();
      for (int t = 0; t < most; t++) {
        rows.add(all.get((int) ((long) t * (all.size() - 1) / (most - 1))));
      }
    }
  }

  Attribution find() {
    Attribution sure = suspects(NEARLY_ALL);
    if (sure != null) {
      Attribution placed = sure.stage() == Stage.RESCALE ? solved(new KeyBlocks(false)) : null;
      return sure.at(placed == null ? place() : placed.where());
    }
    Attribution range = Signature.notNumbers(evidence, row, failing, true);
    if (range != null) {
      return range.at(place());
    }
    for (Solver solver : solvers()) {
      Attribution solved = solved(solver);
      if (solved != null) {
        return solved;
      }
    }
    Attribution lost = Signature.notNumbers(evidence, row, failing, false);
    if (lost != null) {
      return lost.at(place());
    }
    Attribution likely = suspects(MOST);
    if (likely != null) {
      return likely.at(place());
    }
    return rest();
  }

  /** What is right and what is wrong, if nothing is explained. */
  private Attribution rest() {
    int at = failing.isEmpty() ? -1 : failing.getFirst();
    if (loud()) {
      return new Attribution(Stage.RESCALE, Signature.OUT_OF_RANGE, place(), 1, at);
    }
    if (evidence.passes("out") && evidence.fails("lse")) {
      return new Attribution(Stage.LSE, "the output is right, the LSE is not", place(), 1, at);
    }
    Comparison out = evidence.compared().get("out");
    if (out != null && !evidence.fails("lse") && Signature.barelyOff(out)) {
      String what = "a weight that must be 1 is not quite: is the maximum subtracted";
      return new Attribution(Stage.RESCALE, what, place(), 1, at);
    }
    if (evidence.passes("lse") && evidence.fails("out")) {
      String what = "the LSE is right, the output is not";
      return new Attribution(Stage.VALUES, what, place(), 1, at);
    }
    return Attribution.none(place());
  }

  /** Whether every failing row has a logit whose exponential leaves the range of binary32. */
  private boolean loud() {
    for (int at : failing) {
      row.of(at);
      if (!(Math.abs(SoftmaxSuspects.max(row)) > Signature.LOUD)) {
        return false;
      }
    }
    return true;
  }

  private String place() {
    Comparison out = evidence.compared().get("out");
    Comparison lse = evidence.compared().get("lse");
    Comparison wrong = out == null || out.passes() ? lse : out;
    return wrong == null ? "" : Places.of(wrong);
  }

  private List<Suspect> all() {
    AttentionProblem problem = evidence.problem();
    List<Suspect> all = new ArrayList<>(MaskSuspects.of(problem));
    all.addAll(AddressSuspects.of(problem));
    all.addAll(LogitSuspects.of(problem));
    all.addAll(SoftmaxSuspects.of(problem));
    all.addAll(LseSuspects.all());
    all.addAll(RescaleSuspects.all());
    ScaleFit.of(evidence, row, failing).ifPresent(all::add);
    return all;
  }

  private @Nullable Attribution suspects(double least) {
    Attribution best = null;
    for (Suspect suspect : all()) {
      Score score = score(suspect);
      if (score.holds(least) && (best == null || score.share() > best.share() + 0.01)) {
        best =
            new Attribution(suspect.stage(), suspect.what(), "", score.share(), failing.getFirst());
      }
    }
    return best;
  }

  private Score score(Suspect suspect) {
    Score score = new Score();
    for (List<Integer> rows : List.of(failing, passing)) {
      for (int at : rows) {
        row.of(at);
        RowResult candidate = suspect.fault().of(row);
        if (candidate == null || score.hopeless()) {
          return score.hopeless() ? score : new Score();
        }
        row.judge(candidate, score);
      }
    }
    return score;
  }

  private static List<Solver> solvers() {
    return List.of(
        new RowSolvers.OtherRow(),
        new RowSolvers.Zeros(),
        new RowSolvers.OtherHead(Stage.HEADS),
        new RowSolvers.OtherHead(Stage.ADDRESS),
        new KeyRuns(),
        new KeyBlocks(true),
        new RowSolvers.Factor(),
        new KeyBlocks(false));
  }

  private @Nullable Attribution solved(Solver solver) {
    Map<String, Integer> words = new TreeMap<>();
    TreeSet<Integer> froms = new TreeSet<>();
    TreeSet<Integer> tos = new TreeSet<>();
    TreeSet<Integer> steps = new TreeSet<>();
    Map<String, Integer> rows = new HashMap<>();
    int solved = 0;
    for (int t = 0; t < failing.size(); t++) {
      // Rows that no solver of a stage explains end the search early.
      if (t >= 4 && 2 * solved < t) {
        return null;
      }
      row.of(failing.get(t));
      Finding found = solver.solve(row);
      if (found != null) {
        solved++;
        words.merge(found.what(), 1, Integer::sum);
        rows.putIfAbsent(found.what(), failing.get(t));
        froms.add(found.from());
        tos.add(found.to());
        steps.add(found.from() - row.query());
      }
    }
    double share = failing.isEmpty() ? 0 : (double) solved / failing.size();
    if (share < 0.8) {
      return null;
    }
    String often =
        words.entrySet().stream()
            .max(Map.Entry.comparingByValue())
            .map(Map.Entry::getKey)
            .orElse("");
    String keys = keys(froms, tos, steps);
    String where = (keys.isEmpty() ? "" : keys + "; seen at ") + place();
    boolean of = solver instanceof KeyRuns && !keys.isEmpty();
    String what = of ? "keys are " + often : often;
    return new Attribution(solver.stage(), what, where, share, rows.getOrDefault(often, -1));
  }

  private String keys(
      NavigableSet<Integer> froms, NavigableSet<Integer> tos, NavigableSet<Integer> steps) {
    if (froms.isEmpty() || froms.last() < 0) {
      return "";
    }
    if (steps.size() == 1 && froms.size() > 2) {
      int step = steps.first();
      String from = step == 0 ? "i" : "i %s %d".formatted(step < 0 ? "-" : "+", Math.abs(step));
      return "for query i from key " + from + " on";
    }
    int first = froms.first() < 0 ? 0 : froms.first();
    return Places.keys(first, tos.last(), evidence.problem().keys());
  }
}
