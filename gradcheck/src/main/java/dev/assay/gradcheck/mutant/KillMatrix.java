package dev.assay.gradcheck.mutant;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which case kills which wrong kernel.
 *
 * @param suite id and version
 * @param cases all cases that a mutant was run on, in the order of the suite
 * @param rows one for each mutant
 */
public record KillMatrix(String suite, List<CaseColumn> cases, List<MutantRow> rows) {
  /** How many wrong kernels there must be. */
  public static final int LEAST = 60;

  /** In a row: the kernel was right on that case. */
  public static final char ALIVE = '.';

  /** In a row: the mutant is not run on that case. */
  public static final char NOT_RUN = ' ';

  /**
   * A case.
   *
   * @param name family and case
   * @param core whether it is one that every kernel is expected to run
   */
  public record CaseColumn(String name, boolean core) {
    /** The family. */
    public String family() {
      return name.substring(0, name.indexOf('/'));
    }
  }

  /**
   * A mutant.
   *
   * @param id M and a number
   * @param family masking, softmax ...
   * @param fault the fault, in a sentence
   * @param upstream reports of the same fault in real kernels
   * @param gates a character for each case: the letter of the gate that closed, of several the
   *     first; {@link #ALIVE} or {@link #NOT_RUN}
   */
  public record MutantRow(
      String id, String family, String fault, List<String> upstream, String gates) {
    /** Whether a case kills it. */
    public boolean killedBy(int column) {
      return gates.charAt(column) != ALIVE && gates.charAt(column) != NOT_RUN;
    }
  }

  /** Keeps the lists. */
  public KillMatrix {
    cases = List.copyOf(cases);
    rows = List.copyOf(rows);
  }

  /** How many cases kill a mutant. */
  public int kills(MutantRow row, boolean coreOnly) {
    int kills = 0;
    for (int c = 0; c < cases.size(); c++) {
      kills += row.killedBy(c) && (!coreOnly || cases.get(c).core()) ? 1 : 0;
    }
    return kills;
  }

  /** Mutants that no case kills. */
  public List<MutantRow> survivors() {
    return rows.stream().filter(row -> kills(row, false) == 0).toList();
  }

  /** How many mutants are killed by a case of the core. */
  public int killedByCore() {
    return (int) rows.stream().filter(row -> kills(row, true) > 0).count();
  }

  /** How many mutants replay a fault that was reported of a real kernel. */
  public int replayed() {
    return (int) rows.stream().filter(row -> !row.upstream().isEmpty()).count();
  }

  /** Whether the suite is proven: no survivor, and enough mutants that the core kills. */
  public boolean proven() {
    return survivors().isEmpty() && killedByCore() >= LEAST;
  }

  /** The mutants that each case kills, by case name. */
  public Map<String, List<String>> byCase() {
    Map<String, List<String>> killed = new LinkedHashMap<>();
    for (int c = 0; c < cases.size(); c++) {
      List<String> own = new ArrayList<>();
      for (MutantRow row : rows) {
        if (row.killedBy(c)) {
          own.add(row.id());
        }
      }
      killed.put(cases.get(c).name(), own);
    }
    return killed;
  }

  /** For each case that alone kills a mutant: those mutants. */
  public Map<String, List<String>> alone() {
    Map<String, List<String>> alone = new LinkedHashMap<>();
    for (MutantRow row : rows) {
      if (kills(row, false) == 1) {
        for (int c = 0; c < cases.size(); c++) {
          if (row.killedBy(c)) {
            alone.computeIfAbsent(cases.get(c).name(), _ -> new ArrayList<>()).add(row.id());
          }
        }
      }
    }
    return alone;
  }

  /**
   * A small set of cases that kills every mutant: again and again the case that kills most of those
   * left, the first of several.
   */
  public Set<String> smallSet() {
    Map<String, List<String>> killed = byCase();
    Set<String> left = new LinkedHashSet<>();
    rows.stream().filter(row -> kills(row, false) > 0).forEach(row -> left.add(row.id()));
    Set<String> chosen = new LinkedHashSet<>();
    while (!left.isEmpty()) {
      String best = "";
      long most = 0;
      for (Map.Entry<String, List<String>> each : killed.entrySet()) {
        long own = each.getValue().stream().filter(left::contains).count();
        if (own > most) {
          most = own;
          best = each.getKey();
        }
      }
      chosen.add(best);
      killed.getOrDefault(best, List.of()).forEach(left::remove);
    }
    return chosen;
  }
}
