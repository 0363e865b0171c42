package dev.assay.gradcheck.mutant;

import dev.assay.engine.Engine;
import dev.assay.gradcheck.conformance.Alarm;
import dev.assay.gradcheck.conformance.Alarms;
import dev.assay.gradcheck.conformance.Alarms.Run;
import dev.assay.gradcheck.conformance.Progress;
import dev.assay.gradcheck.golden.GoldenWriter;
import dev.assay.gradcheck.mutant.KillMatrix.MutantRow;
import dev.assay.gradcheck.mutant.PatchedEngine.StaleFault;
import dev.assay.gradcheck.suite.Expectation;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.Suite;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The faults of the catalogue planted in the fast kernels, each until a case finds it. Cases are
 * tried smallest first, those that find the same fault in the plain kernel before all others: the
 * code of a fault is new to the JVM, so that each case costs much more than usual.
 */
public final class PlantedRun {
  /** How many faults there must be. */
  public static final int LEAST = 25;

  /**
   * What became of a planted fault.
   *
   * @param id of the mutant
   * @param fault in a sentence
   * @param file class that was changed
   * @param foundBy the case that found it, or null
   * @param alarm the gate that closed, or null
   * @param failure why it was not found, or null
   */
  public record Found(
      String id,
      String fault,
      String file,
      @Nullable String foundBy,
      @Nullable Alarm alarm,
      @Nullable String failure) {}

  private final FastKernels kernels;
  private final Suite suite;
  private final Path root;
  private final List<Planted> faults;
  private final Map<String, MutantRow> plain = new LinkedHashMap<>();
  private final KillMatrix matrix;
  private final Engine right;

  private PlantedRun(
      FastKernels kernels, Suite suite, Path root, List<Planted> faults, KillMatrix matrix) {
    this.kernels = kernels;
    this.right = PatchedEngine.unchanged(kernels);
    this.suite = suite;
    this.root = root;
    this.faults = faults;
    this.matrix = matrix;
    matrix.rows().forEach(row -> plain.put(row.id(), row));
  }

  /**
   * The faults of an engine, which must be available here.
   *
   * @param root of the project, where its sources are
   * @param ids which faults, by the mutant's id
   * @throws IOException with one sentence, if the kill matrix of the plain kernel cannot be read
   */
  public static PlantedRun of(FastKernels kernels, Suite suite, Path root, Predicate<String> ids)
      throws IOException {
    List<Planted> chosen = kernels.faults().stream().filter(fault -> ids.test(fault.id())).toList();
    return new PlantedRun(kernels, suite, root, chosen, KillMatrixFile.load());
  }

  /** How many faults there are. */
  public int size() {
    return faults.size();
  }

  /**
   * Plants and runs each.
   *
   * @throws IOException with one sentence, if there are no sources
   */
  public List<Found> run(Progress progress) throws IOException {
    List<Found> found = new ArrayList<>();
    for (Planted fault : faults) {
      try {
        found.add(found(fault, PatchedEngine.of(kernels, fault, root)));
      } catch (StaleFault stale) {
        found.add(alive(fault, String.valueOf(stale.getMessage())));
      }
      progress.step(fault.id());
    }
    return found;
  }

  private String sentence(Planted fault) {
    MutantRow row = plain.get(fault.id());
    return row == null ? "" : row.fault();
  }

  private Found alive(Planted fault, String why) {
    return new Found(fault.id(), sentence(fault), fault.file(), null, null, why);
  }

  private Found found(Planted fault, Engine engine) {
    List<GoldenCase> cases = order(plain.get(fault.id()));
    for (GoldenCase golden : cases) {
      Alarms alarms = Alarms.of(golden);
      Set<Alarm> closed = new LinkedHashSet<>(limited(alarms, engine).closed());
      if (closed.isEmpty() && golden.twin() != null) {
        Run own = alarms.run(engine, Map.of());
        Run twin = Alarms.of(suite.find(golden.twin())).run(engine, Map.of());
        closed.addAll(alarms.differs(own, twin) ? Set.of(Alarm.TWIN) : Set.of());
      }
      if (closed.equals(Set.of(Alarm.CRASH)) && !kernels.mayCrash()) {
        return alive(fault, "breaks down on " + golden.name() + ", which shows no wrong number");
      }
      // What the right engine sets off as well is no sign of the fault.
      if (!closed.isEmpty() && alarms.run(right, Map.of()).closed().isEmpty()) {
        Alarm first = closed.iterator().next();
        return new Found(fault.id(), sentence(fault), fault.file(), golden.name(), first, null);
      }
    }
    return alive(fault, "SURVIVES all " + cases.size() + " cases");
  }

  /** A wrong kernel may wait for ever, which gives it away too. */
  private Run limited(Alarms alarms, Engine engine) {
    FutureTask<Run> task = new FutureTask<>(() -> alarms.run(engine, Map.of()));
    Thread.ofPlatform().daemon().start(task);
    try {
      return task.get(kernels.seconds(), TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException broken) {
      return Run.of(true, EnumSet.of(Alarm.CRASH));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("stopped", stopped);
    }
  }

  /** The cases that find the plain mutant, then the others of the core; small ones first. */
  private List<GoldenCase> order(@Nullable MutantRow row) {
    Set<String> finders = new LinkedHashSet<>();
    for (int c = 0; row != null && c < matrix.cases().size(); c++) {
      if (row.killedBy(c)) {
        finders.add(matrix.cases().get(c).name());
      }
    }
    return suite.cases().stream()
        .filter(golden -> golden.result() == Expectation.VALID)
        .filter(golden -> finders.contains(golden.name()) || GoldenWriter.isOfCore(golden.family()))
        .sorted(
            Comparator.comparing((GoldenCase golden) -> !finders.contains(golden.name()))
                .thenComparingInt(PlantedRun::size))
        .toList();
  }

  private static int size(GoldenCase golden) {
    return golden.expect().values().stream().mapToInt(tensor -> tensor.size()).sum();
  }
}
