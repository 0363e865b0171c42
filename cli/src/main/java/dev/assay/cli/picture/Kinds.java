package dev.assay.cli.picture;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The kinds of rules seen so far, numbered in the order in which they were met. */
final class Kinds {
  private final List<String> names = new ArrayList<>();

  /** The number of the kind of a rule: what stands before its colon. */
  int of(String rule) {
    int colon = rule.indexOf(':');
    String kind = colon < 0 ? rule : rule.substring(0, colon);
    int known = names.indexOf(kind);
    if (known < 0) {
      names.add(kind);
      return names.size() - 1;
    }
    return known;
  }

  /** The kinds by number. */
  List<String> names() {
    return Collections.unmodifiableList(names);
  }
}
