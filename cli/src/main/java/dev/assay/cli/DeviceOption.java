package dev.assay.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Which device the engine tornado runs on: shared by the verbs that choose engines. */
final class DeviceOption {
  /** Where the engine looks for its device. */
  private static final String PROPERTY = "assay.tornado.device";

  @Spec(Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--device",
      paramLabel = "I:J",
      description =
          "Device of the engine tornado: back end and number, as 'assay doctor' lists them"
              + " (default: 0:0).")
  private @Nullable String place;

  /** Hands the choice on; to be called before an engine is asked for anything. */
  void choose() {
    String chosen = place;
    if (chosen == null) {
      return;
    }
    if (!chosen.matches("[0-9]{1,3}:[0-9]{1,3}")) {
      throw new ParameterException(
          spec.commandLine(), "--device is " + chosen + ": give back end and number as 0:0.");
    }
    System.setProperty(PROPERTY, chosen);
  }
}
