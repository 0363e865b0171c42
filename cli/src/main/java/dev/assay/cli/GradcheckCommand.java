package dev.assay.cli;

import dev.assay.catalog.MechanismCatalog;
import dev.assay.gradcheck.gradient.Effort;
import dev.assay.gradcheck.gradient.GradientChecks;
import dev.assay.gradcheck.gradient.Row;
import dev.assay.gradcheck.gradient.Way;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.Mechanism;
import dev.assay.op.OpCatalog;
import dev.assay.op.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code assay gradcheck}: are the derivatives right, judged in independent ways. */
@Command(
    name = "gradcheck",
    header = "Proves the gradients of mechanisms and ops, in ways that share no code.",
    description = {
      "repeat: two backward passes give the same bits.",
      "adjoint: <w, J u> by forward rules is <J^T w, u> by reverse rules.",
      "differences: reverse rules against finite differences with their own error estimate.",
      "second: the gradient's own gradient, by both.",
      "fused: the scalar engine's backward formulas against the tape.",
      "golden: the tape against the golden files.",
      "A comparison across a kink proves nothing: it is refused, and counted apart."
    },
    mixinStandardHelpOptions = true)
final class GradcheckCommand implements Callable<Integer> {
  private static final Set<Way> OF_OPS =
      EnumSet.of(Way.REPEAT, Way.ADJOINT, Way.DIFFERENCES, Way.SECOND);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..*",
      paramLabel = "ID",
      description = "Mechanisms, by id; all of them unless named.")
  private List<String> ids = List.of();

  @Option(names = "--ops", description = "The primitives instead of the mechanisms.")
  private boolean ops;

  @Option(names = "--case", paramLabel = "NAME", description = "Only the case of that name.")
  private @Nullable String only;

  @Option(
      names = "--way",
      paramLabel = "WAY",
      description = "Only this way; may be given again: ${COMPLETION-CANDIDATES}.")
  private Set<Way> ways = EnumSet.noneOf(Way.class);

  @Option(
      names = "--seed",
      defaultValue = "" + GradientChecks.SEED,
      description = "Seed of the random directions (default: ${DEFAULT-VALUE}).")
  private int seed;

  @Option(names = "--thorough", description = "Every element and many directions; takes long.")
  private boolean thorough;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (ops && !ids.isEmpty()) {
      throw usage("--ops is about primitives: leave out " + String.join(" ", ids) + ".");
    }
    Set<Way> asked = EnumSet.copyOf(ops ? OF_OPS : EnumSet.allOf(Way.class));
    if (!ways.isEmpty()) {
      asked.retainAll(ways);
    }
    if (asked.isEmpty()) {
      throw usage("A primitive is judged by repeat, adjoint, differences and second only.");
    }
    List<Mechanism> mechanisms = ops ? List.of() : mechanisms();
    GradientChecks checks =
        new GradientChecks(seed, thorough ? Effort.THOROUGH : Effort.QUICK, asked);
    String flags = " --seed " + seed + (thorough ? " --thorough" : "");
    boolean details = ops || !ids.isEmpty() || only != null;
    GradcheckTable table = new GradcheckTable(spec.commandLine().getOut(), details, flags);
    if (ops) {
      ops(checks, table);
    } else {
      mechanisms(mechanisms, checks, table);
    }
    table.close();
    return verdict(table, asked);
  }

  /**
   * Every way that was asked for must have checked something; with one case alone not every way
   * applies, unless it is named.
   */
  private int verdict(GradcheckTable table, Set<Way> asked) {
    List<Way> idle = asked.stream().filter(way -> table.checked(way) == 0).toList();
    boolean allMust = only == null || !ways.isEmpty();
    int code = table.failed() > 0 ? ExitCode.MISMATCH : ExitCode.PASS;
    if (idle.size() == asked.size() || (allMust && !idle.isEmpty())) {
      spec.commandLine().getErr().println("assay: nothing was checked by " + words(idle) + ".");
      return ExitCode.of(code, ExitCode.NOTHING_RUN);
    }
    return code;
  }

  private static String words(List<Way> ways) {
    return String.join(", ", ways.stream().map(Way::name).toList()).toLowerCase(Locale.ROOT);
  }

  private ParameterException usage(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }

  private boolean wanted(String name) {
    return only == null || only.equals(name);
  }

  private void ops(GradientChecks checks, GradcheckTable table) throws InterruptedException {
    List<Supplier<List<Row>>> work = new ArrayList<>();
    for (Sample sample : OpCatalog.samples()) {
      if (wanted(GradientChecks.name(sample))) {
        work.add(() -> checks.of(sample));
      }
    }
    try (InOrder<List<Row>> done = new InOrder<>(work)) {
      done.forEach(rows -> rows.forEach(table::add));
    }
  }

  private List<Mechanism> mechanisms() {
    try {
      return ids.isEmpty()
          ? MechanismCatalog.all()
          : ids.stream().map(MechanismCatalog::find).toList();
    } catch (IllegalArgumentException unknown) {
      throw usage(unknown.getMessage() + ".");
    }
  }

  /** Each case is on its own, so that all processors work; rows are printed in their order. */
  private void mechanisms(List<Mechanism> mechanisms, GradientChecks checks, GradcheckTable table)
      throws IOException, InterruptedException {
    boolean golden = checks.ways().contains(Way.GOLDEN);
    List<GoldenCase> goldens = golden ? Suite.load().cases() : List.of();
    boolean own = !golden || checks.ways().size() > 1;
    List<Supplier<List<Row>>> work = new ArrayList<>();
    Map<Integer, String> ends = new HashMap<>();
    for (Mechanism mechanism : mechanisms) {
      for (Case one : own ? mechanism.cases() : List.<Case>of()) {
        if (wanted(one.name()) && one.roles().contains(Case.Role.GRADIENT)) {
          work.add(() -> checks.of(one));
        }
      }
      for (GoldenCase one : goldens) {
        if (wanted(one.name()) && one.mechanism().id().equals(mechanism.id())) {
          work.add(() -> List.of(checks.of(one)));
        }
      }
      ends.putIfAbsent(work.size(), mechanism.id());
    }
    int[] count = {0};
    try (InOrder<List<Row>> done = new InOrder<>(work)) {
      done.forEach(
          rows -> {
            rows.forEach(table::add);
            String end = ends.get(++count[0]);
            if (end != null) {
              table.end(end);
            }
          });
    }
  }
}
