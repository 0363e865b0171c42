package dev.assay.cli;

import dev.assay.catalog.MechanismCatalog;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Which mechanism, with which settings: shared by the verbs that work on one. */
final class MechanismOption {
  @Spec(Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "MECHANISM", description = "Its id; 'assay list mechanisms' has them.")
  private String id = "";

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "A setting of the mechanism; may be given again.")
  private Map<String, String> settings = new LinkedHashMap<>();

  /**
   * The mechanism.
   *
   * @throws ParameterException if there is none of that id, or a setting is unknown or does not
   *     parse
   */
  Mechanism mechanism() {
    return mechanism(spec, id, settings);
  }

  /** What was typed. */
  String id() {
    return id;
  }

  /** As {@link #mechanism()}, for a verb that reads the id in its own way. */
  static Mechanism mechanism(CommandSpec spec, String id, Map<String, String> settings) {
    try {
      return Settings.make(MechanismCatalog.find(id).getClass(), settings);
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), wrong.getMessage(), wrong);
    }
  }
}
