package dev.assay.cli;

import dev.assay.check.Require;
import dev.assay.engine.Engine;
import dev.assay.engine.UnsupportedPlanException;
import dev.assay.file.Safetensors;
import dev.assay.file.TensorFile;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.nn.Runner;
import dev.assay.tensor.DType;
import dev.assay.tensor.Tensor;
import dev.assay.wiring.Wiring;
import dev.assay.wiring.WiringRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code assay run}: a mechanism, or a layer, on the user's own tensors, forward and gradients. */
@Command(
    name = "run",
    header =
        "Runs a mechanism, or a layer around one, on your tensors: the oracle's answer, with"
            + " gradients if wanted.",
    description = {
      "A mechanism reads q, k, v, what else it names, and for gradients d_out and d_lse. It writes"
          + " out, lse, the discrete choices that were made, and with --grad dq, dk, dv, ...",
      "A layer reads tokens and the weights of a checkpoint, and choices if they are given; its"
          + " gradients are called d_ and the tensor's name. docs/layers.md says how one is written."
    },
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RunSubject subject = new RunSubject();

  @Mixin private DeviceOption device = new DeviceOption();

  @Mixin private TensorNames names = new TensorNames();

  @Mixin private Agreement agreement = new Agreement();

  @Option(
      names = "--in",
      paramLabel = "FILE",
      description = "Tensors, .safetensors or .npz; may be given again.")
  private List<Path> in = new ArrayList<>();

  @Option(
      names = "--without",
      paramLabel = "NAME",
      description = {
        "Reads --in as if it held no tensor NAME: a choice is then made, and not given; may be given"
            + " again."
      })
  private List<String> without = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where the results go, as safetensors; may be left out with --expect.")
  private @Nullable Path out;

  @Option(
      names = "--layout",
      paramLabel = "LAYOUT",
      description = {
        "Axes of your tensors of tokens: ${COMPLETION-CANDIDATES} (default: bhsd). Tokens of a layer"
            + " are [B, n, width], and with sbhd [n, B, width]."
      })
  private @Nullable Layout layout;

  @Option(
      names = "--engine",
      paramLabel = "ID",
      description = "Runs on that engine instead of the oracle's own ops.")
  private @Nullable String engine;

  @Option(names = "--grad", description = "Gradients too; the files must hold d_out or d_lse.")
  private boolean gradients;

  @Option(
      names = "--dtype",
      defaultValue = "f64",
      description = "Type of the results: f64, f32, bf16 or f16, rounded once (default: f64).")
  private DType dtype = DType.F64;

  /**
   * What came out, whatever was run.
   *
   * @param tensors results in the user's layout, by name
   * @param choices which of them are discrete
   * @param read tensors of the files that had a part
   */
  private record Results(
      SequencedMap<String, Tensor> tensors, Set<String> choices, Set<String> read) {}

  @Override
  public Integer call() throws IOException {
    device.choose();
    Wiring wiring = subject.wiring();
    Mechanism mechanism = subject.mechanism(wiring);
    check();
    Engine on = engine == null ? null : EngineChoice.find(engine);
    FileTensors files = FileTensors.read(in, names);
    FileTensors expected = FileTensors.read(agreement.files(), names);
    Set<String> held = new LinkedHashSet<>(files.tensors().keySet());
    held.addAll(expected.tensors().keySet());
    names.requireUse(held);
    for (String name : without) {
      Require.argument(
          files.tensors().remove(name) != null,
          "--without names %s, which the files do not hold: they hold %s",
          name,
          files.tensors().keySet());
    }
    try {
      Results results =
          wiring == null
              ? alone(Objects.requireNonNull(mechanism), files, on)
              : layer(wiring, mechanism, files, on);
      List<String> ignored = new ArrayList<>(files.tensors().keySet());
      ignored.removeAll(results.read());
      ignored.removeAll(expected.tensors().keySet());
      print(mechanism == null ? subject.name() : mechanism.id(), results, ignored);
      if (out != null) {
        write(out, mechanism, results);
      }
      return agreement.files().isEmpty()
          ? ExitCode.PASS
          : compare(wiring, mechanism, results, expected);
    } catch (UnsupportedPlanException no) {
      PrintWriter err = spec.commandLine().getErr();
      err.println("assay: " + no.getMessage());
      err.flush();
      return ExitCode.NOTHING_RUN;
    }
  }

  /** What can be said before anything is read. */
  private void check() throws IOException {
    if (!dtype.floating()) {
      throw new ParameterException(
          spec.commandLine(), "--dtype is " + dtype + ": choose f64, f32, bf16 or f16.");
    }
    Usage.require(
        out != null || !agreement.files().isEmpty(),
        "--out is missing: name a file for the results, or --expect others");
    agreement.check();
    if (out != null) {
      List<Path> read = new ArrayList<>(in);
      read.addAll(agreement.files());
      OutputFile.safetensors(out, read);
    }
  }

  private Results alone(Mechanism mechanism, FileTensors files, @Nullable Engine on)
      throws IOException {
    Layout axes = layout == null ? Layout.BHSD : layout;
    UserTensors user = UserTensors.of(files, axes, mechanism);
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>(user.tensors());
    if (!gradients) {
      tensors.remove("d_out");
      tensors.remove("d_lse");
    }
    Require.argument(
        !gradients || tensors.containsKey("d_out") || tensors.containsKey("d_lse"),
        "--grad needs a cotangent: the files hold neither d_out nor d_lse (--map names one)");
    Evaluation found = evaluate(mechanism, tensors, on);
    SequencedMap<String, Tensor> results = new LinkedHashMap<>();
    found.results().forEach((name, result) -> results.put(name, user.users(name, result)));
    return new Results(results, found.answer().choices().keySet(), user.tensors().keySet());
  }

  private static Evaluation evaluate(
      Mechanism mechanism, Map<String, Tensor> tensors, @Nullable Engine on) {
    Evaluation found =
        on == null
            ? Evaluation.define(mechanism, tensors)
            : Evaluation.lower(mechanism, tensors, on);
    // Only the answer tells: it depends on settings and engine.
    Require.argument(
        found.answer().lse() != null || !tensors.containsKey("d_lse"),
        "%s has no log-sum-exp here, so d_lse cannot have a meaning: leave it out, or rename it",
        mechanism.id());
    return found;
  }

  private Results layer(
      Wiring wiring, @Nullable Mechanism mechanism, FileTensors files, @Nullable Engine on) {
    Runner runner = on == null ? Runner.naive() : Runner.on(on);
    LayerTokens tokens = new LayerTokens(layout);
    WiringRun run =
        WiringRun.of(
            wiring, mechanism, tokens.turned(files.tensors()), subject.with(), runner, gradients);
    return new Results(tokens.turned(run.results()), run.choices(), run.read());
  }

  private int compare(
      @Nullable Wiring wiring,
      @Nullable Mechanism mechanism,
      Results results,
      FileTensors expected) {
    Map<String, Tensor> published = expected.tensors();
    Set<String> read = new HashSet<>(results.read());
    if (wiring != null) {
      var told = WiringRun.expected(wiring, mechanism, published, subject.with());
      published = told.tensors();
      read.addAll(told.read());
    }
    PrintWriter print = spec.commandLine().getOut();
    int code = agreement.verdict(results.tensors(), published, read, print);
    print.flush();
    return code;
  }

  private void write(Path to, @Nullable Mechanism mechanism, Results results) throws IOException {
    TensorFile.Builder file = TensorFile.builder();
    if (mechanism != null) {
      file.metadata("mechanism", mechanism.id());
      Settings.of(mechanism).forEach((key, value) -> file.metadata("set." + key, value));
    }
    subject.metadata().forEach(file::metadata);
    file.metadata("engine", engine == null ? "define" : engine);
    file.metadata("impl", new Version().getVersion()[0]);
    results
        .tensors()
        .forEach(
            (name, result) ->
                put(file, name, results.choices().contains(name) ? DType.F64 : dtype, result));
    Safetensors.write(to, file.build());
    PrintWriter print = spec.commandLine().getOut();
    print.println("written to " + to);
    print.flush();
  }

  private void print(String reader, Results results, List<String> ignored) {
    PrintWriter print = spec.commandLine().getOut();
    results.tensors().forEach((name, result) -> print.printf("%-10s %s%n", name, result.shape()));
    if (!ignored.isEmpty()) {
      print.println("not read by " + reader + ": " + String.join(", ", ignored));
    }
    print.flush();
  }

  private static void put(TensorFile.Builder file, String name, DType type, Tensor values) {
    file.put(name, type, Tensor.generate(values.shape(), p -> type.round(values.get(p))));
  }
}
