package dev.assay.gradcheck.stage;

import dev.assay.plan.BlockPlan;
import dev.assay.plan.ChunkPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How often each block of keys counts, solved from a row: {@code sum_b x_b N_b = Z' o'} and {@code
 * sum_b x_b Z_b = Z'}, with the sums of each block over the keys that the row meets, those over the
 * keys that are masked, and keys of zeros behind the tensor. Whole x other than the right ones are
 * a wrong keep set; other x mean that weights are right within blocks and wrong between them, as
 * where sums are not brought to one maximum.
 *
 * @param whole whether x are to be whole numbers
 */
record KeyBlocks(boolean whole) implements Solver {
  /** Keys of a row that count together; without keys, a key of zeros. */
  private record Atom(List<Integer> keys, boolean met, double sum, double[] values) {
    int right() {
      return met ? 1 : 0;
    }
  }

  @Override
  public Stage stage() {
    return whole ? Stage.MASK : Stage.RESCALE;
  }

  @Override
  public @Nullable Finding solve(Row row) {
    double lse = row.evidence().value("lse", row.row());
    if (!Double.isFinite(lse) || row.problem().paging() != null) {
      return null;
    }
    for (int size : sizes(row)) {
      List<Atom> atoms = atoms(row, size, lse);
      int most = row.problem().valueDepth() + 1 - (whole ? 1 : 2);
      if (atoms.size() <= Math.min(most, 40) && !(atoms.size() < 2 && !whole)) {
        Finding found = solve(row, atoms, lse, size);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  private static Set<Integer> sizes(Row row) {
    Set<Integer> sizes = new TreeSet<>(List.of(1, 2, 4, 8, 16, 32, 64, 128));
    switch (row.evidence().plan()) {
      case BlockPlan blocks -> sizes.add(blocks.mask().keyBound(1));
      case ChunkPlan chunks -> sizes.add(chunks.size());
      default -> {}
    }
    return new TreeSet<>(sizes).descendingSet();
  }

  private List<Atom> atoms(Row row, int size, double lse) {
    List<Atom> atoms = new ArrayList<>();
    for (int from = 0; from < row.keys(); from += size) {
      for (boolean met : new boolean[] {true, false}) {
        List<Integer> keys = new ArrayList<>();
        for (int j = from; j < Math.min(row.keys(), from + size); j++) {
          if (row.met(j) == met) {
            keys.add(j);
          }
        }
        if (!keys.isEmpty() && (met || whole)) {
          atoms.add(atom(row, keys, met, lse));
        }
      }
    }
    if (whole) {
      double[] none = new double[row.problem().valueDepth()];
      atoms.add(new Atom(List.of(), false, StrictMath.exp(-lse), none));
    }
    return atoms;
  }

  private static Atom atom(Row row, List<Integer> keys, boolean met, double lse) {
    double[] values = new double[row.problem().valueDepth()];
    double sum = 0;
    for (int j : keys) {
      double p = StrictMath.exp(row.unmasked(j) - lse);
      sum += p;
      row.add(values, p * row.keep(j), row.keyRow(j));
    }
    return new Atom(keys, met, sum, values);
  }

  private @Nullable Finding solve(Row row, List<Atom> atoms, double lse, int size) {
    int channels = row.problem().valueDepth();
    double[][] a = new double[channels + 1][atoms.size()];
    double[] y = new double[channels + 1];
    for (int c = 0; c <= channels; c++) {
      for (int t = 0; t < atoms.size(); t++) {
        a[c][t] = c < channels ? atoms.get(t).values[c] : atoms.get(t).sum;
      }
      y[c] = c < channels ? row.evidence().value("out", row.row() * channels + c) : 1;
    }
    double[] x = LeastSquares.solve(a, y);
    if (x == null) {
      return null;
    }
    boolean changed = false;
    for (int t = 0; t < x.length; t++) {
      x[t] = whole ? Math.rint(x[t]) : x[t];
      changed |= x[t] != atoms.get(t).right();
      boolean zeros = atoms.get(t).keys.isEmpty();
      if (!(x[t] >= 0 && x[t] <= (whole ? zeros ? 127 : 2 : 1e6))) {
        return null;
      }
    }
    if (!changed || !row.agrees(result(atoms, x, lse, channels))) {
      return null;
    }
    return whole ? keepSet(atoms, x) : weights(atoms, x, size);
  }

  /** Where one weight changes into another, a block begins. */
  private static Finding weights(List<Atom> atoms, double[] x, int size) {
    String what =
        "sums of blocks of %d keys are weighted wrongly against each other".formatted(size);
    List<Integer> changes = new ArrayList<>();
    for (int t = 1; t < x.length; t++) {
      if (Math.abs(x[t] - x[t - 1]) > 1e-3 * Math.abs(x[t])) {
        changes.add(t);
      }
    }
    if (changes.size() != 1) {
      return Finding.of(what);
    }
    List<Integer> keys = atoms.get(changes.getFirst()).keys;
    return new Finding(what, keys.getFirst(), keys.getFirst());
  }

  private static RowResult result(List<Atom> atoms, double[] x, double lse, int channels) {
    double[] out = new double[channels];
    double sum = 0;
    for (int t = 0; t < x.length; t++) {
      sum += x[t] * atoms.get(t).sum;
      for (int c = 0; c < channels; c++) {
        out[c] += x[t] * atoms.get(t).values[c];
      }
    }
    return new RowResult(out, lse + StrictMath.log(sum)).times(1 / sum);
  }

  private static Finding keepSet(List<Atom> atoms, double[] x) {
    Set<String> kinds = new TreeSet<>();
    int from = Integer.MAX_VALUE;
    int to = -1;
    for (int t = 0; t < x.length; t++) {
      Atom atom = atoms.get(t);
      if (x[t] != atom.right()) {
        kinds.add(
            atom.keys.isEmpty()
                ? "keys of zeros behind the tensor count"
                : !atom.met
                    ? "masked keys count"
                    : x[t] == 0 ? "keys are lost" : "keys count twice");
        from = atom.keys.isEmpty() ? from : Math.min(from, atom.keys.getFirst());
        to = atom.keys.isEmpty() ? to : Math.max(to, atom.keys.getLast());
      }
    }
    String what = kinds.stream().collect(Collectors.joining(", "));
    return new Finding(what, to < 0 ? -1 : from, to);
  }
}
