package dev.assay.train;

import dev.assay.check.Require;
import dev.assay.file.TensorFile;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * How the tensors in a checkpoint of another framework are called here. The first rule whose
 * pattern fits a whole name decides; a name that no rule fits is reported, not dropped in silence.
 */
public final class NameMap {
  /**
   * A rule.
   *
   * @param pattern of the foreign name
   * @param names of the parts here, in order along the first axis behind a transposition, with
   *     {@code $1} for what the pattern's groups hold; none drops the tensor
   * @param transposed whether a matrix is kept the other way round there, [in, out]
   */
  public record Rule(Pattern pattern, List<String> names, boolean transposed) {}

  /**
   * What was found.
   *
   * @param tensors by the names of here
   * @param unknown foreign names that no rule fits
   */
  public record Result(SequencedMap<String, Tensor> tensors, List<String> unknown) {
    /**
     * The tensors, if every foreign name was known.
     *
     * @throws IllegalArgumentException with the names that were not
     */
    public SequencedMap<String, Tensor> complete() {
      Require.argument(
          unknown.isEmpty(),
          "no rule fits %s: add rules, or drop them with an empty list of names",
          new TreeSet<>(unknown));
      return tensors;
    }
  }

  private final List<Rule> rules = new ArrayList<>();

  /** Without rules. */
  public NameMap() {}

  /** A tensor that is the same in both. */
  public NameMap rename(String pattern, String name) {
    return rule(new Rule(pattern(pattern), List.of(name), false));
  }

  /** A matrix [in, out] that is [out, in] here. */
  public NameMap transpose(String pattern, String name) {
    return rule(new Rule(pattern(pattern), List.of(name), true));
  }

  /** A tensor that holds several in equal parts along its first axis. */
  public NameMap split(String pattern, boolean transposed, String... names) {
    return rule(new Rule(pattern(pattern), List.of(names), transposed));
  }

  /** Tensors that are not needed. */
  public NameMap drop(String pattern) {
    return rule(new Rule(pattern(pattern), List.of(), false));
  }

  /**
   * Takes up a rule as it is written in a file: {@code rename THEIRS OURS}, {@code turn THEIRS
   * OURS}, {@code split THEIRS OURS OURS ...} or {@code drop THEIRS}; a blank line or one that
   * begins with {@code #} is none.
   *
   * @throws IllegalArgumentException with one sentence, if it is none of these
   */
  public NameMap rule(String line) {
    if (line.isBlank() || line.strip().startsWith("#")) {
      return this;
    }
    List<String> words = List.of(line.strip().split("\\s+", -1));
    int names = words.size() - 2;
    boolean fits =
        switch (words.getFirst()) {
          case "rename", "turn" -> names == 1;
          case "split" -> names > 1;
          case "drop" -> names == 0;
          default -> false;
        };
    Require.argument(
        fits,
        "'%s' is none of: rename THEIRS OURS, turn THEIRS OURS, split THEIRS OURS OURS, drop THEIRS",
        line.strip());
    return rule(
        new Rule(
            pattern(words.get(1)),
            words.subList(2, words.size()),
            words.getFirst().equals("turn")));
  }

  private static Pattern pattern(String text) {
    try {
      return Pattern.compile(text);
    } catch (PatternSyntaxException wrong) {
      throw new IllegalArgumentException(
          "'%s' is no pattern of names: %s".formatted(text, wrong.getDescription()), wrong);
    }
  }

  private NameMap rule(Rule rule) {
    rules.add(rule);
    return this;
  }

  /** Reads all tensors of a file. */
  public Result read(TensorFile file) throws IOException {
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    List<String> unknown = new ArrayList<>();
    for (String foreign : file.names()) {
      boolean known = false;
      for (Rule rule : rules) {
        Matcher matcher = rule.pattern().matcher(foreign);
        if (matcher.matches()) {
          known = true;
          take(rule, matcher, file.tensor(foreign), tensors);
          break;
        }
      }
      if (!known) {
        unknown.add(foreign);
      }
    }
    return new Result(tensors, unknown);
  }

  private static void take(
      Rule rule, Matcher matcher, Tensor value, SequencedMap<String, Tensor> tensors) {
    int parts = rule.names().size();
    if (parts == 0) {
      return;
    }
    Tensor turned = rule.transposed() ? transposed(matcher.group(), value) : value;
    Require.argument(
        parts == 1 || (turned.shape().rank() > 0 && turned.shape().extent(0) % parts == 0),
        "%s has shape %s: it cannot be split into %d equal parts",
        matcher.group(),
        turned.shape(),
        parts);
    int size = turned.size() / parts;
    for (int part = 0; part < parts; part++) {
      int from = part * size;
      Shape shape =
          parts == 1 ? turned.shape() : turned.shape().with(0, turned.shape().extent(0) / parts);
      // The whole name fits, so the shortest alternative must not decide.
      String whole = "\\A(?:" + rule.pattern().pattern() + ")\\z";
      String name = matcher.group().replaceFirst(whole, rule.names().get(part));
      Tensor before = tensors.put(name, Tensor.generate(shape, p -> turned.get(from + p)));
      Require.argument(before == null, "two tensors would be called %s here", name);
    }
  }

  private static Tensor transposed(String name, Tensor value) {
    Require.argument(
        value.shape().rank() == 2,
        "%s has shape %s: only a matrix can be turned",
        name,
        value.shape());
    int rows = value.shape().extent(0);
    int columns = value.shape().extent(1);
    return Tensor.generate(Shape.of(columns, rows), p -> value.get(p % rows * columns + p / rows));
  }
}
