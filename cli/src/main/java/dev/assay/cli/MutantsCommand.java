package dev.assay.cli;

import dev.assay.cli.docs.MutantsPage;
import dev.assay.cli.docs.StagePage;
import dev.assay.cli.picture.KillMatrixPicture;
import dev.assay.engine.Engine;
import dev.assay.engine.Engines;
import dev.assay.file.AtomicFile;
import dev.assay.gradcheck.mutant.FastKernels;
import dev.assay.gradcheck.mutant.KillMatrix;
import dev.assay.gradcheck.mutant.KillMatrixFile;
import dev.assay.gradcheck.mutant.MutantRun;
import dev.assay.gradcheck.mutant.PlantedRun;
import dev.assay.gradcheck.mutant.PlantedRun.Found;
import dev.assay.gradcheck.mutant.RightRun;
import dev.assay.gradcheck.mutant.RightRun.Right;
import dev.assay.gradcheck.mutant.StageRun;
import dev.assay.gradcheck.mutant.StageRun.Named;
import dev.assay.gradcheck.suite.Checksums;
import dev.assay.gradcheck.suite.Suite;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code assay mutants}: does the suite find what it is for. */
@Command(
    name = "mutants",
    header = "Runs wrong kernels over the suite: each must be found, and right ones must not.",
    description = {
      "A plain kernel is run with one line made wrong, for each fault of the catalogue; many replay a",
      "fault that was reported of a real kernel. Then right kernels in other orders of summation,",
      "tiles, splits, threads and types, and every engine found here, must set off nothing.",
      "With --engine simd or tornado the faults are planted in the sources of the fast kernels.",
      "Exit code 4: a wrong kernel survives, there are too few, or a right one is blamed."
    },
    mixinStandardHelpOptions = true)
final class MutantsCommand implements Callable<Integer> {
  private static final String SUITE = "testdata/goldens/v1";
  private static final String PAGE = "docs/mutants.md";
  private static final String STAGES = "docs/stages.md";
  private static final int STAGE_CASES = 8;
  private static final String PICTURE = "docs/pictures/kill-matrix.svg";

  /** Which kernel is made wrong. */
  enum Kernel {
    PLAIN,
    SIMD,
    TORNADO
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--engine",
      paramLabel = "KERNEL",
      defaultValue = "plain",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Kernel kernel = Kernel.PLAIN;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "ID",
      description = "Only these wrong kernels, for instance M17; no right ones.")
  private List<String> only = new ArrayList<>();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Format format = Format.TEXT;

  @Option(
      names = "--stages",
      description =
          "Instead: how often the report names the stage that was made wrong; of all plain kernels,"
              + " as text.")
  private boolean stages;

  @Option(
      names = "--write",
      description =
          "Write the matrix into the suite, its page and its picture, or with --stages docs/stages.md,"
              + " below --root.")
  private boolean write;

  @Option(
      names = "--root",
      defaultValue = ".",
      paramLabel = "DIR",
      description = "The project's folder: sources are read there, and --write writes there.")
  private Path root = Path.of("");

  @Override
  public Integer call() throws IOException {
    Usage.require(
        !write || (only.isEmpty() && kernel == Kernel.PLAIN),
        "--write is given with %s: the matrix that is written is that of all plain kernels",
        only.isEmpty() ? engine() : "--only");
    Usage.require(
        !stages || (only.isEmpty() && kernel == Kernel.PLAIN && format == Format.TEXT),
        "--stages is given with %s: it is over all plain kernels, as text",
        !only.isEmpty() ? "--only" : kernel == Kernel.PLAIN ? "--format json" : engine());
    if (write && !stages) {
      // All of it before the run, which takes minutes.
      Checksums.read(root.resolve(SUITE));
      OutputFile.check(root.resolve(PAGE), "--root");
      OutputFile.check(root.resolve(PICTURE), "--root");
    }
    Suite suite = Suite.load();
    if (stages) {
      return stages(suite);
    }
    return switch (kernel) {
      case PLAIN -> plain(suite);
      case SIMD -> planted(FastKernels.SIMD, suite);
      case TORNADO -> planted(FastKernels.TORNADO, suite);
    };
  }

  private int plain(Suite suite) throws IOException {
    MutantRun run = MutantRun.plain(suite, this::wanted);
    Usage.require(run.size() > 0, "--only is %s: no wrong kernel is called so", only);
    KillMatrix matrix;
    try (ProgressLine progress = new ProgressLine("wrong kernels", run.cases().size())) {
      matrix = run.run(progress);
    }
    List<Right> right = only.isEmpty() ? right(suite) : List.of();
    print(matrix, right);
    if (write) {
      write(matrix);
    }
    boolean proven =
        only.isEmpty() ? matrix.proven() && RightRun.proven(right) : matrix.survivors().isEmpty();
    return proven ? ExitCode.PASS : ExitCode.SELF_TEST_FAILED;
  }

  private List<Right> right(Suite suite) {
    List<Engine> here =
        Engines.all().stream().filter(engine -> engine.availability().available()).toList();
    RightRun run = new RightRun(suite, here, RightRun.TRIES);
    try (ProgressLine progress = new ProgressLine("right kernels", run.steps())) {
      return run.run(progress);
    }
  }

  private String engine() {
    return "--engine " + kernel.name().toLowerCase(Locale.ROOT);
  }

  private int planted(FastKernels kernels, Suite suite) throws IOException {
    EngineChoice.find(kernels.name().toLowerCase(Locale.ROOT));
    PlantedRun run = PlantedRun.of(kernels, suite, root, this::wanted);
    Usage.require(run.size() > 0, "--only is %s: no fault that is planted is called so", only);
    List<Found> found;
    try (ProgressLine progress = new ProgressLine("planted faults", run.size())) {
      found = run.run(progress);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(format == Format.JSON ? PlantedText.json(found) : PlantedText.of(found));
    out.flush();
    boolean enough = !only.isEmpty() || run.size() >= PlantedRun.LEAST;
    boolean all = found.stream().allMatch(one -> one.foundBy() != null);
    return all && enough ? ExitCode.PASS : ExitCode.SELF_TEST_FAILED;
  }

  private int stages(Suite suite) throws IOException {
    Path page = root.resolve(STAGES);
    if (write) {
      OutputFile.check(page, "--root");
    }
    StageRun run = new StageRun(suite, KillMatrixFile.load(), STAGE_CASES);
    List<Named> named;
    try (ProgressLine progress = new ProgressLine("stages", run.size())) {
      named = run.run(progress);
    }
    String text = StagePage.of(named, STAGE_CASES);
    if (write) {
      AtomicFile.write(page, text);
    } else {
      spec.commandLine().getOut().print(text);
      spec.commandLine().getOut().flush();
    }
    boolean good =
        StageRun.right(named) >= StageRun.RIGHT && StageRun.wrong(named) <= StageRun.WRONG;
    return good ? ExitCode.PASS : ExitCode.SELF_TEST_FAILED;
  }

  private boolean wanted(String id) {
    return only.isEmpty() || only.contains(id);
  }

  private void print(KillMatrix matrix, List<Right> right) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(format == Format.JSON ? KillMatrixFile.text(matrix) : MutantsText.of(matrix, right));
    out.flush();
  }

  private void write(KillMatrix matrix) throws IOException {
    KillMatrixFile.write(matrix, root.resolve(SUITE));
    AtomicFile.write(root.resolve(PAGE), MutantsPage.of(matrix));
    AtomicFile.write(root.resolve(PICTURE), KillMatrixPicture.of(matrix));
  }
}
