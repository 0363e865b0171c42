package dev.assay.train;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Which parameters do not learn, by name; a star stands for any characters. */
public final class Freezing implements Predicate<String> {
  private final List<Pattern> frozen;

  private Freezing(List<Pattern> frozen) {
    this.frozen = frozen;
  }

  /** Those whose whole name fits one of these, for instance {@code embedding.*}. */
  public static Freezing of(String... names) {
    return new Freezing(
        Arrays.stream(names)
            .map(name -> Pattern.compile("\\Q" + name.replace("*", "\\E.*\\Q") + "\\E"))
            .toList());
  }

  /** None: all learn. */
  public static Freezing none() {
    return of();
  }

  @Override
  public boolean test(String name) {
    return frozen.stream().anyMatch(pattern -> pattern.matcher(name).matches());
  }
}
