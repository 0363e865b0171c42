package dev.assay.gradcheck.mutant;

import dev.assay.engine.Engine;
import dev.assay.gradcheck.bound.Declared;
import dev.assay.gradcheck.conformance.Alarms;
import dev.assay.gradcheck.conformance.Alarms.Run;
import dev.assay.gradcheck.conformance.Progress;
import dev.assay.gradcheck.mutant.Form.Order;
import dev.assay.gradcheck.suite.Expectation;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.Suite;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * False alarms: right kernels, which sum in other orders, tiles, splits, threads and types, set off
 * no gate. They are run on the suite and on problems drawn at random.
 */
public final class RightRun {
  /** Numbers that are to be looked at, at least. */
  public static final long ENOUGH = 10_000_000;

  /** Random problems. */
  public static final int TRIES = 96;

  private static final int SEED = 17;

  /**
   * What became of one implementation.
   *
   * @param name what it is called
   * @param problems cases and random problems that it did
   * @param elements numbers that were held against a bound
   * @param alarms names of the problems on which a gate closed; none should
   * @param tightness largest error in units of its bound
   */
  public record Right(
      String name, int problems, long elements, List<String> alarms, double tightness) {
    /** Keeps the list. */
    public Right {
      alarms = List.copyOf(alarms);
    }
  }

  private final Suite suite;
  private final List<Engine> engines = new ArrayList<>();
  private final int tries;

  /**
   * A run.
   *
   * @param others engines that are held for right too
   * @param tries random problems
   */
  public RightRun(Suite suite, List<Engine> others, int tries) {
    this.suite = suite;
    this.tries = tries;
    forms().forEach(form -> engines.add(PlainKernel.right(form)));
    engines.addAll(others);
  }

  private static List<Form> forms() {
    PrecisionClass f32 = PrecisionClass.F32_FLASH;
    List<Form> forms =
        new ArrayList<>(
            List.of(
                new Form(f32, 1, Order.ASCENDING, 1, 1),
                new Form(f32, 3, Order.DESCENDING, 5, 2),
                new Form(f32, 16, Order.PAIRWISE, 2, 1),
                new Form(f32, 32, Order.ASCENDING, 3, 4),
                new Form(f32, 8, Order.ASCENDING, 4, 1).joinedByLse(),
                new Form(f32, 64, Order.DESCENDING, 1, 3),
                new Form(f32, 128, Order.PAIRWISE, 1, 1)));
    for (PrecisionClass half : List.of(PrecisionClass.BF16_FLASH, PrecisionClass.FP16_FLASH)) {
      forms.add(new Form(half, 1, Order.ASCENDING, 1, 1));
      forms.add(new Form(half, 16, Order.DESCENDING, 3, 2));
      forms.add(new Form(half, 8, Order.PAIRWISE, 3, 1).joinedByLse());
      forms.add(new Form(half, 128, Order.PAIRWISE, 1, 1));
      forms.add(new Form(half, 32, Order.MATRIX_UNITS, 1, 1));
    }
    return forms;
  }

  private List<GoldenCase> cases() {
    return suite.cases().stream().filter(one -> one.result() == Expectation.VALID).toList();
  }

  /** Whether no gate closed, and enough was looked at for that to mean something. */
  public static boolean proven(List<Right> right) {
    return right.stream().allMatch(one -> one.alarms().isEmpty())
        && right.stream().mapToLong(Right::elements).sum() >= ENOUGH;
  }

  /** Steps that progress is told of. */
  public int steps() {
    return cases().size() + tries;
  }

  /** What became of each implementation. */
  public List<Right> run(Progress progress) {
    List<Map<Engine, Run>> runs = new ArrayList<>();
    List<String> names = new ArrayList<>();
    runs.addAll(
        cases().parallelStream()
            .map(golden -> stepped(on(Alarms.of(golden), engines), golden.name(), progress))
            .toList());
    cases().forEach(golden -> names.add(golden.name()));
    runs.addAll(
        IntStream.range(0, tries)
            .parallel()
            .mapToObj(number -> stepped(random(number), "random " + number, progress))
            .toList());
    IntStream.range(0, tries).forEach(number -> names.add("random/try-" + number));
    return engines.stream().map(engine -> right(engine, runs, names)).toList();
  }

  private static Map<Engine, Run> stepped(Map<Engine, Run> runs, String name, Progress progress) {
    progress.step(name);
    return runs;
  }

  private static Map<Engine, Run> on(Alarms alarms, List<Engine> engines) {
    Map<Declared, Alarms> declaring = new HashMap<>(Map.of(Declared.NOTHING, alarms));
    Map<Engine, Run> runs = new LinkedHashMap<>();
    for (Engine engine : engines) {
      Declared declared =
          engine instanceof PlainKernel plain ? plain.form().declared() : Declared.NOTHING;
      Alarms own = declaring.computeIfAbsent(declared, alarms::declaring);
      runs.put(engine, own.run(engine, Map.of()).withoutResults());
    }
    return runs;
  }

  /** Tensors of a random problem have the storage of the engine's class. */
  private Map<Engine, Run> random(int number) {
    Map<Engine, Run> runs = new LinkedHashMap<>();
    for (PrecisionClass precision : PrecisionClass.values()) {
      List<Engine> own =
          engines.stream().filter(e -> e.precisionClass().equals(precision.id())).toList();
      if (!own.isEmpty()) {
        runs.putAll(on(Alarms.random(SEED, number, precision), own));
      }
    }
    return runs;
  }

  private static Right right(Engine engine, List<Map<Engine, Run>> runs, List<String> names) {
    int problems = 0;
    long elements = 0;
    double tightness = 0;
    List<String> alarms = new ArrayList<>();
    for (int p = 0; p < runs.size(); p++) {
      Run run = runs.get(p).get(engine);
      if (run == null || !run.judged()) {
        continue;
      }
      problems++;
      elements += run.elements();
      tightness = Math.max(tightness, run.tightness());
      if (!run.closed().isEmpty()) {
        alarms.add(names.get(p));
      }
    }
    return new Right(engine.id(), problems, elements, alarms, tightness);
  }
}
