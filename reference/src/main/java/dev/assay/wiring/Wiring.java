package dev.assay.wiring;

import dev.assay.catalog.MechanismCatalog;
import dev.assay.check.Require;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A layer as a text: which mechanism, how its tensors come from those of files, and what becomes of
 * its output.
 *
 * <pre>
 * # Multi-head attention.
 * mechanism dense causal=true
 * with heads
 * q = heads(linear(x, q_proj), heads)
 * k = heads(linear(x, k_proj), heads)
 * v = heads(linear(x, v_proj), heads)
 * mask ?= unsqueeze(unsqueeze(valid, 1), 1)
 * run
 * out = linear(join(out), o_proj)
 * </pre>
 *
 * <p>A name stands for what an earlier line gave, else for a tensor of the files; {@code set.block}
 * is the setting block of the mechanism, if it is a number. What the mechanism reads and no line
 * gives comes from the files under its own name. A line with {@code ?=} counts only if all that it
 * names is there. Behind {@code run}, {@code out}, {@code lse}, the choices and {@linkplain
 * Mechanism#asides asides} of the mechanism are names too, as are {@code weights}, the attention
 * weights [B, H, n_q, n_k], and {@code attended}, 1 for each pair that exists; every line there is
 * a result. {@code d_NAME} is the cotangent of the result NAME. Behind {@code expect} lines say how
 * published results are to be read before they are compared.
 */
public final class Wiring {
  /**
   * A number that a user gives.
   *
   * @param name of it
   * @param by its default, or null if it must be given
   */
  record Size(String name, @Nullable Expression by) {}

  /**
   * A line that gives a name a value.
   *
   * @param number of the line in the text
   * @param name that gets it
   * @param optional whether it counts only if all names in it are known
   * @param value what is worked out
   */
  record Line(int number, String name, boolean optional, Expression value) {}

  /** The parts of a text. */
  enum Part {
    INPUTS,
    RESULTS,
    EXPECTED
  }

  private final String name;
  private final String title;
  private final @Nullable String mechanism;
  private final Map<String, String> settings;
  private final List<Size> sizes;
  private final Map<Part, List<Line>> lines;

  Wiring(
      String name,
      String title,
      @Nullable String mechanism,
      Map<String, String> settings,
      List<Size> sizes,
      Map<Part, List<Line>> lines) {
    this.name = name;
    this.title = title;
    this.mechanism = mechanism;
    this.settings = Map.copyOf(settings);
    this.sizes = List.copyOf(sizes);
    this.lines = Map.copyOf(lines);
  }

  /** What it is called, in messages and in the catalogue. */
  public String name() {
    return name;
  }

  /** Its first comment: whose layer it is. */
  public String title() {
    return title;
  }

  /** The id of its mechanism, or null if it has none, as a layer without attention. */
  public @Nullable String mechanism() {
    return mechanism;
  }

  /** The names of the numbers that it takes, those with a default in brackets. */
  public List<String> takes() {
    List<String> names = new ArrayList<>();
    sizes.forEach(size -> names.add(size.by() == null ? size.name() : "[" + size.name() + "]"));
    return names;
  }

  /**
   * Refuses numbers that are missing, or that it does not take.
   *
   * @param given names
   * @throws IllegalArgumentException with one sentence
   */
  public void requireSizes(Set<String> given) {
    Set<String> unknown = new LinkedHashSet<>(given);
    for (Size size : sizes) {
      Require.argument(
          size.by() != null || given.contains(size.name()),
          "%s needs the number %s: it takes %s",
          name,
          size.name(),
          takes());
      unknown.remove(size.name());
    }
    Require.argument(
        unknown.isEmpty(), "%s does not take the number %s: it takes %s", name, unknown, takes());
  }

  /**
   * The mechanism with the settings of the text and others, which win; null if it has none.
   *
   * @throws IllegalArgumentException with one sentence, if there is no such mechanism or setting
   */
  public @Nullable Mechanism make(Map<String, String> more) {
    if (mechanism == null) {
      return null;
    }
    Map<String, String> all = new LinkedHashMap<>(settings);
    all.putAll(more);
    return Settings.make(MechanismCatalog.find(mechanism).getClass(), all);
  }

  List<Size> sizes() {
    return sizes;
  }

  List<Line> lines(Part part) {
    return lines.getOrDefault(part, List.of());
  }
}
