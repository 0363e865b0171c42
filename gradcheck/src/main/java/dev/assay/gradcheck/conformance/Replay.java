package dev.assay.gradcheck.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The command that repeats a verdict, as a user can paste it into a shell.
 *
 * @param command how Assay is called, quoted already
 * @param words what follows, not yet quoted
 * @param last what stays behind all words that are added: a program to start, with its own words
 */
public record Replay(String command, List<String> words, List<String> last) {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  /** Keeps the words. */
  public Replay {
    words = List.copyOf(words);
    last = List.copyOf(last);
  }

  /** A command without anything at its end. */
  public Replay(String command, List<String> words) {
    this(command, words, List.of());
  }

  /** The same with more words. */
  public Replay with(String... more) {
    List<String> all = new ArrayList<>(words);
    all.addAll(List.of(more));
    return new Replay(command, all, last);
  }

  /** The line, with quotes around every word that a shell would take apart. */
  public String line() {
    return Stream.concat(words.stream(), last.stream())
        .map(word -> " " + quoted(word))
        .collect(Collectors.joining("", command, ""));
  }

  private static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
