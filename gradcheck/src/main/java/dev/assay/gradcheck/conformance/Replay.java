package dev.assay.gradcheck.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The command that repeats a verdict, as a user can paste it into a shell.
 *
 * @param command how Assay is called, quoted already
 * @param words what follows, not yet quoted
 */
public record Replay(String command, List<String> words) {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  /** Keeps the words. */
  public Replay {
    words = List.copyOf(words);
  }

  /** The same with more words. */
  public Replay with(String... more) {
    List<String> all = new ArrayList<>(words);
    all.addAll(List.of(more));
    return new Replay(command, all);
  }

  /** The line, with quotes around every word that a shell would take apart. */
  public String line() {
    return command + words.stream().map(word -> " " + quoted(word)).collect(Collectors.joining());
  }

  private static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
