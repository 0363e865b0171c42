package dev.assay.cli;

import dev.assay.data.PlainText;
import dev.assay.file.FormatException;
import dev.assay.file.TensorFile;
import dev.assay.tensor.Tensor;
import dev.assay.train.NameMap;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/**
 * How the tensors of the user's files are called here: rules from {@code --map}, each an assignment
 * or a file of rules. What no rule fits keeps its name.
 */
final class TensorNames {
  @Option(
      names = "--map",
      paramLabel = "THEIRS=OURS|FILE",
      description = {
        "Reads the tensors whose whole name fits the pattern THEIRS as OURS, with $1 for its first"
            + " group; OURS of several names with commas splits along the first axis, none drops;"
            + " or a file with lines 'rename THEIRS OURS', 'turn THEIRS OURS' (a matrix the other"
            + " way round), 'split THEIRS OURS OURS', 'drop THEIRS'. May be given again; the first"
            + " rule that fits decides."
      })
  private List<String> rules = new ArrayList<>();

  private final Set<String> unfit = new LinkedHashSet<>();
  private final List<Pattern> typed = new ArrayList<>();
  private final NameMap map = new NameMap();
  private boolean built;

  /** The tensors of a file under the names of here. */
  SequencedMap<String, Tensor> read(TensorFile file) throws IOException {
    build();
    for (Pattern pattern : typed) {
      if (file.names().stream().anyMatch(name -> pattern.matcher(name).matches())) {
        unfit.remove(pattern.pattern());
      }
    }
    return map.read(file).complete();
  }

  /**
   * Refuses rules of the command line that fitted no tensor of any file: a slip of the pen.
   *
   * @param held the names that the files hold
   */
  void requireUse(Set<String> held) {
    if (!unfit.isEmpty()) {
      throw new IllegalArgumentException(
          "--map names %s, which the files do not hold: they hold %s"
              .formatted(String.join(", ", unfit), held));
    }
  }

  private void build() throws IOException {
    if (built) {
      return;
    }
    built = true;
    for (String rule : rules) {
      int at = rule.indexOf('=');
      if (at < 0) {
        file(Path.of(rule));
      } else {
        assignment(rule.substring(0, at).strip(), rule.substring(at + 1).strip(), rule);
      }
    }
    map.rename("(?s)(.*)", "$1");
  }

  private void assignment(String theirs, String ours, String rule) {
    Usage.require(!theirs.isEmpty(), "--map is '%s': write THEIRS=OURS", rule);
    try {
      if (ours.isEmpty()) {
        map.drop(theirs);
      } else {
        map.split(theirs, false, ours.split("\\s*,\\s*", -1));
      }
    } catch (IllegalArgumentException wrong) {
      throw new Usage.BadValue("--map is '%s': %s".formatted(rule, wrong.getMessage()));
    }
    typed.add(Pattern.compile(theirs));
    unfit.add(theirs);
  }

  private void file(Path path) throws IOException {
    int number = 0;
    for (String line : PlainText.read(path).lines().toList()) {
      number++;
      try {
        map.rule(line);
      } catch (IllegalArgumentException wrong) {
        throw new FormatException(
            path.toString(), "line " + number, String.valueOf(wrong.getMessage()));
      }
    }
  }
}
