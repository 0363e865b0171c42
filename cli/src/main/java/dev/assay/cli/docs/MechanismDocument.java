package dev.assay.cli.docs;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.assay.mechanism.Card;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.TensorSpec;
import dev.assay.mechanism.TensorSpec.Kind;
import java.util.List;
import java.util.Locale;

/**
 * Everything that one needs to know to run a mechanism, as a JSON document.
 *
 * @param id what the command line calls it
 * @param title its name in print
 * @param idea one sentence
 * @param formula the mathematics
 * @param paper where it comes from
 * @param cost time and memory
 * @param reach global, local or hybrid
 * @param choice fixed, learned or low_rank
 * @param timing static or dynamic
 * @param granularity token, block, chunk or head
 * @param readings how the source is read where it is vague
 * @param settings keys of {@code --set key=value}
 * @param tensors what it reads; all others are ignored
 * @param results what it can give, by name
 * @param cases its small problems
 */
public record MechanismDocument(
    String id,
    String title,
    String idea,
    String formula,
    String paper,
    String cost,
    String reach,
    String choice,
    String timing,
    String granularity,
    List<String> readings,
    List<SettingDocument> settings,
    List<TensorDocument> tensors,
    List<ResultDocument> results,
    List<CaseDocument> cases) {

  /**
   * A key of {@code --set}.
   *
   * @param key as typed
   * @param type int, double, boolean, text, or the choices separated by bars
   * @param byDefault the value when nobody sets it
   * @param meaning what it does
   */
  public record SettingDocument(
      String key, String type, @JsonProperty("default") String byDefault, String meaning) {}

  /**
   * A tensor that is read.
   *
   * @param name in files and flags
   * @param shape its axes in symbols
   * @param kind input, parameter or choice
   * @param required whether it must be given
   * @param meaning what it is
   */
  public record TensorDocument(
      String name, String shape, String kind, boolean required, String meaning) {}

  /**
   * A tensor that is given back.
   *
   * @param name in files
   * @param meaning what it is, and when it is there
   */
  public record ResultDocument(String name, String meaning) {}

  /**
   * A small problem.
   *
   * @param id frozen number
   * @param name unique within the mechanism
   * @param settings those that differ from their defaults
   * @param roles what it is used for
   * @param remark what it is for
   */
  public record CaseDocument(
      int id, String name, List<String> settings, List<String> roles, String remark) {}

  /** The document of a mechanism. */
  public static MechanismDocument of(Mechanism mechanism) {
    Card card = mechanism.card();
    return new MechanismDocument(
        mechanism.id(),
        card.title(),
        card.idea(),
        card.formula(),
        card.paper(),
        card.cost(),
        lower(card.reach()),
        lower(card.choice()),
        lower(card.timing()),
        lower(card.granularity()),
        card.readings(),
        Settings.describe(mechanism.getClass()).stream()
            .map(s -> new SettingDocument(s.key(), s.type(), s.by(), s.meaning()))
            .toList(),
        mechanism.tensors().stream()
            .map(
                t ->
                    new TensorDocument(
                        t.name(), t.shape(), lower(t.kind()), t.required(), t.meaning()))
            .toList(),
        MechanismResults.of(mechanism),
        mechanism.cases().stream().map(MechanismDocument::document).toList());
  }

  private static CaseDocument document(Case problem) {
    return new CaseDocument(
        problem.id(),
        problem.name(),
        changed(problem.mechanism()),
        problem.roles().stream().map(MechanismDocument::lower).toList(),
        problem.remark());
  }

  private static List<String> changed(Mechanism mechanism) {
    var defaults = Settings.of(Settings.defaults(mechanism.getClass()));
    return Settings.of(mechanism).entrySet().stream()
        .filter(entry -> !entry.getValue().equals(defaults.get(entry.getKey())))
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .toList();
  }

  static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  static boolean differentiated(TensorSpec tensor) {
    return tensor.kind() != Kind.CHOICE;
  }
}
