package dev.assay.gradcheck.stage;

import dev.assay.gradcheck.gate.Comparison;
import dev.assay.gradcheck.guess.Axes;
import java.util.Collection;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Where failing rows and guilty keys lie, in words. */
final class Places {
  private static final int[] BLOCKS = {128, 64, 32, 16, 8, 4, 2};

  private Places() {}

  /** Heads and tokens of the failing elements of a tensor. */
  static String of(Comparison each) {
    Axes axes = Axes.of(each.tensor(), each.golden().shape());
    if (!axes.byHead()) {
      return "";
    }
    TreeSet<Integer> heads = new TreeSet<>();
    TreeSet<Integer> tokens = new TreeSet<>();
    for (int position : each.failures()) {
      heads.add(axes.headOfRow(axes.row(position)));
      tokens.add(axes.tokenOfRow(axes.row(position)));
    }
    boolean keys = axes.token().equals("k");
    String place = tokens(keys ? "key" : "query", tokens, axes.tokens());
    String which =
        heads.size() == axes.heads()
            ? axes.heads() == 1 ? "" : " of all heads"
            : " of " + (heads.size() == 1 ? "head " : "heads ") + list(heads);
    return place + which;
  }

  private static String list(Collection<Integer> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  /** Tokens as a range, with the block that they are if they are the last one. */
  static String tokens(String kind, NavigableSet<Integer> tokens, int all) {
    String plural = kind.equals("query") ? "queries" : "keys";
    if (tokens.size() == all) {
      return "all " + plural;
    }
    if (tokens.size() == 1) {
      int only = tokens.first();
      return only == all - 1 ? "the last %s (%d)".formatted(kind, only) : kind + " " + only;
    }
    return range(kind, plural, tokens.first(), tokens.last(), all);
  }

  private static String range(String kind, String plural, int from, int to, int all) {
    for (int block : BLOCKS) {
      int start = (all - 1) / block * block;
      if (start > 0 && from >= start && to == all - 1 && from < start + block) {
        boolean half = block > 2 && from >= (all - 1) / (block / 2) * (block / 2);
        if (!half) {
          return "the last %s block (%s %d..%d of %d)".formatted(kind, plural, from, to, all);
        }
      }
    }
    return "%s %d..%d".formatted(plural, from, to);
  }

  /** Guilty keys. */
  static String keys(int from, int to, int all) {
    if (from >= all) {
      return "behind the last key block (keys from %d on)".formatted(all);
    }
    TreeSet<Integer> keys = new TreeSet<>();
    for (int j = from; j <= to; j++) {
      keys.add(j);
    }
    return tokens("key", keys, all);
  }
}
