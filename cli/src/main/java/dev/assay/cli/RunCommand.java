package dev.assay.cli;

import dev.assay.check.Require;
import dev.assay.engine.Engine;
import dev.assay.engine.UnsupportedPlanException;
import dev.assay.file.Safetensors;
import dev.assay.file.TensorFile;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code assay run}: a mechanism on the user's own tensors, forward and gradients. */
@Command(
    name = "run",
    header = "Runs a mechanism on your tensors: the oracle's answer, with gradients if wanted.",
    description = {
      "Reads q, k, v, what else the mechanism names, and for gradients d_out and d_lse.",
      "Writes out, lse, the discrete choices that were made, and with --grad dq, dk, dv, ..."
    },
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private MechanismOption chosen = new MechanismOption();

  @Mixin private DeviceOption device = new DeviceOption();

  @Option(
      names = "--in",
      required = true,
      paramLabel = "FILE",
      description = "Tensors, .safetensors or .npz; may be given again.")
  private List<Path> in = List.of();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "Where the results go, as safetensors.")
  private Path out = Path.of("");

  @Option(
      names = "--rename",
      paramLabel = "FROM=TO",
      description = "Reads the tensor FROM of the files as TO; may be given again.")
  private Map<String, String> renames = new LinkedHashMap<>();

  @Option(
      names = "--layout",
      defaultValue = "bhsd",
      description = "Axes of your tensors of tokens: ${COMPLETION-CANDIDATES} (default: bhsd).")
  private Layout layout = Layout.BHSD;

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

  @Override
  public Integer call() throws IOException {
    device.choose();
    Mechanism mechanism = chosen.mechanism();
    if (!dtype.floating()) {
      throw new ParameterException(
          spec.commandLine(), "--dtype is " + dtype + ": choose f64, f32, bf16 or f16.");
    }
    OutputFile.safetensors(out, in);
    Engine on = engine == null ? null : EngineChoice.find(engine);
    UserTensors user = UserTensors.read(in, renames, layout, mechanism);
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>(user.tensors());
    if (!gradients) {
      tensors.remove("d_out");
      tensors.remove("d_lse");
    }
    Require.argument(
        !gradients || tensors.containsKey("d_out") || tensors.containsKey("d_lse"),
        "--grad needs a cotangent: the files hold neither d_out nor d_lse (--rename names one)");
    try {
      write(mechanism, user, evaluate(mechanism, tensors, on));
    } catch (UnsupportedPlanException no) {
      PrintWriter err = spec.commandLine().getErr();
      err.println("assay: " + no.getMessage());
      err.flush();
      return ExitCode.NOTHING_RUN;
    }
    return ExitCode.PASS;
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

  private void write(Mechanism mechanism, UserTensors user, Evaluation evaluation)
      throws IOException {
    TensorFile.Builder file = TensorFile.builder();
    file.metadata("mechanism", mechanism.id());
    Settings.of(mechanism).forEach((key, value) -> file.metadata("set." + key, value));
    file.metadata("engine", engine == null ? "define" : engine);
    file.metadata("impl", new Version().getVersion()[0]);
    SequencedMap<String, Shape> shapes = new LinkedHashMap<>();
    evaluation
        .results()
        .forEach(
            (name, result) -> {
              Tensor users = user.users(name, result);
              boolean choice = evaluation.answer().choices().containsKey(name);
              put(file, name, choice ? DType.F64 : dtype, users);
              shapes.put(name, users.shape());
            });
    Safetensors.write(out, file.build());
    PrintWriter print = spec.commandLine().getOut();
    shapes.forEach((name, shape) -> print.printf("%-10s %s%n", name, shape));
    if (!user.ignored().isEmpty()) {
      print.println("not read by " + mechanism.id() + ": " + String.join(", ", user.ignored()));
    }
    print.println("written to " + out);
    print.flush();
  }

  private static void put(TensorFile.Builder file, String name, DType type, Tensor values) {
    file.put(name, type, Tensor.generate(values.shape(), p -> type.round(values.get(p))));
  }
}
