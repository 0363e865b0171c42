package dev.assay.cli.picture;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Which colour a rule has: the same in every picture, however many pairs it lets exist there. Rules
 * that have none of their own take, the most frequent first, the colours that are left.
 */
final class KindColours {
  /** Rules that meet in one picture; one that stands alone takes the first colour anyway. */
  private static final Map<String, Integer> OWN =
      Map.of(
          "own chunk", 0,
          "neighbour -1", 1,
          "neighbour +1", 2,
          "neighbour -2", 3,
          "neighbour +2", 4,
          "neighbour -3", 5,
          "neighbour +3", 6,
          "active head", 0,
          "inactive head", 1);

  private KindColours() {}

  /** A colour for each kind, by its number; {@link Palette#OTHER} when there are no more. */
  static int[] of(List<String> kinds, List<Integer> byFrequency) {
    int[] colours = new int[kinds.size()];
    Arrays.fill(colours, Palette.OTHER);
    Set<Integer> taken = new HashSet<>();
    for (int kind : byFrequency) {
      Integer own = OWN.get(kinds.get(kind));
      if (own != null && taken.add(own)) {
        colours[kind] = Palette.kind(own);
      }
    }
    for (int kind : byFrequency) {
      int free =
          IntStream.range(0, Palette.kinds())
              .filter(c -> !taken.contains(c))
              .findFirst()
              .orElse(-1);
      if (colours[kind] == Palette.OTHER && free >= 0) {
        taken.add(free);
        colours[kind] = Palette.kind(free);
      }
    }
    return colours;
  }
}
