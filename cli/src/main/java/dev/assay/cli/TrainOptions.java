package dev.assay.cli;

import dev.assay.catalog.MechanismCatalog;
import dev.assay.engine.Engine;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.mechanism.fixed.SlidingWindow;
import dev.assay.nn.Runner;
import dev.assay.train.Course;
import dev.assay.train.ModelSize;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** What every training is told: mechanism, size of the model, seeds, where the record goes. */
final class TrainOptions {
  private static final String BY_OPS = "define";

  @Spec(Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--mechanism",
      required = true,
      paramLabel = "ID",
      description = "Attention of every layer; 'assay list mechanisms' has them.")
  private String id = "";

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "A setting of the mechanism; may be given again.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(
      names = "--seeds",
      defaultValue = "3",
      description = "Runs of each subject, with seeds 1, 2, ... (default: ${DEFAULT-VALUE}).")
  int seeds;

  @Option(
      names = "--engine",
      paramLabel = "ID",
      description =
          "Runs the mechanisms' plans; 'define' for the ops alone (default: simd where it is).")
  private @Nullable String engine;

  @Option(names = "--width", paramLabel = "N", description = "Channels of a token.")
  private @Nullable Integer width;

  @Option(names = "--heads", paramLabel = "N", description = "Heads.")
  private @Nullable Integer heads;

  @Option(names = "--layers", paramLabel = "N", description = "Blocks.")
  private @Nullable Integer layers;

  @Option(names = "--batch", paramLabel = "N", description = "Examples of a step.")
  private @Nullable Integer batch;

  @Option(names = "--steps", paramLabel = "N", description = "Steps.")
  private @Nullable Integer steps;

  @Option(names = "--rate", paramLabel = "X", description = "Top of the schedule of Adam's rate.")
  private @Nullable Double rate;

  @Option(
      names = "--seconds",
      paramLabel = "X",
      description = "A run that takes longer stops, and the record says so.")
  private @Nullable Double seconds;

  @Mixin private TrainTerms terms = new TrainTerms();

  @Option(
      names = "--alone",
      description = "Trains the mechanism only, without what it is held against.")
  boolean alone;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Where the record goes, as TASK-NAME.json.")
  Path out = Path.of("");

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Name of the record (default: the mechanism's id).")
  private @Nullable String name;

  /**
   * The mechanism.
   *
   * @throws ParameterException if there is none of that id, or a setting does not fit
   */
  Mechanism mechanism() {
    try {
      return Settings.make(MechanismCatalog.find(id).getClass(), settings);
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), wrong.getMessage(), wrong);
    }
  }

  /** The size of the model, by default that of the task. */
  ModelSize size(ModelSize usual) {
    Usage.atLeast(1, seeds, "--seeds");
    String chosen = Objects.requireNonNullElse(name, id);
    Usage.require(
        chosen.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}"),
        "--name is %s: letters, digits, points and hyphens make a name",
        chosen);
    ModelSize size =
        new ModelSize(
            or("--width", width, usual.width()),
            or("--heads", heads, usual.heads()),
            or("--layers", layers, usual.layers()),
            or("--batch", batch, usual.batch()),
            or("--rate", rate, usual.rate()),
            new Course(
                or("--steps", steps, usual.course().steps()),
                or("--seconds", seconds, usual.course().seconds())));
    Usage.require(
        size.width() % size.heads() == 0,
        "--width is %d: it must be a multiple of --heads, %d",
        size.width(),
        size.heads());
    return size;
  }

  /** The size of a model whose mechanism adds its terms to the loss. */
  ModelSize withTerms(ModelSize size, Mechanism mechanism) {
    return size.with(terms.of(mechanism));
  }

  /** Which terms it adds, as a sentence says it; empty for none. */
  String terms(Mechanism mechanism) {
    return terms.sentence(mechanism);
  }

  private static int or(String option, @Nullable Integer given, int usual) {
    int value = given == null ? usual : given;
    Usage.atLeast(1, value, option);
    return value;
  }

  private static double or(String option, @Nullable Double given, double usual) {
    double value = given == null ? usual : given;
    Usage.require(
        value > 0 && Double.isFinite(value), "%s is %s: it must be positive", option, value);
    return value;
  }

  /** The name of who works the mechanisms out. */
  String engine() {
    String chosen = engine;
    if (chosen != null) {
      return chosen;
    }
    return EngineChoice.absence("simd").isEmpty() ? "simd" : BY_OPS;
  }

  /** Who works the mechanisms out. */
  Runner runner() {
    if (engine().equals(BY_OPS)) {
      return Runner.naive();
    }
    Engine found = EngineChoice.find(engine());
    return Runner.on(found);
  }

  /** The name of the record's file. */
  String file(String task) {
    return task + "-" + (name == null ? id : name) + ".json";
  }

  /** Dense attention, causal or not. */
  static Mechanism dense(boolean causal) {
    return Settings.make(Dense.class, Map.of("causal", Boolean.toString(causal)));
  }

  /** Every token meets itself alone: a model without attention. */
  static Mechanism none() {
    return Settings.make(SlidingWindow.class, Map.of("window", "1", "causal", "true"));
  }

  /** Sizes by name, for the record. */
  SequencedMap<String, Double> sizes(ModelSize size) {
    SequencedMap<String, Double> sizes = new LinkedHashMap<>();
    sizes.put("width", (double) size.width());
    sizes.put("heads", (double) size.heads());
    sizes.put("layers", (double) size.layers());
    sizes.put("batch", (double) size.batch());
    sizes.put("rate", size.rate());
    sizes.put("steps", (double) size.course().steps());
    sizes.put("seconds", size.course().seconds());
    return sizes;
  }
}
