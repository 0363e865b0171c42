package dev.assay.cli.picture;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A row of panels.
 *
 * @param heading a line above them; may be empty
 * @param panels from left to right
 */
record Strip(String heading, List<Panel> panels) {
  /** The strips of everything that is drawn: few panels stand beside each other. */
  static List<Strip> of(AttentionGrids grids, Choice choice, List<String> tokens) {
    List<Strip> strips = new ArrayList<>();
    for (AttentionGrids.Heads heads : grids.sights()) {
      List<Panel> patterns = new ArrayList<>();
      List<Panel> weights = new ArrayList<>();
      List<Panel> densities = new ArrayList<>();
      boolean alike = heads.alike();
      for (int p = 0; p < heads.grids().size(); p++) {
        HeadGrid head = heads.grids().get(p);
        String of = heads.grids().size() == 1 ? "" : ", head " + heads.numbers().get(p);
        String ofAll = alike ? "" : of;
        boolean first = p == 0 || !alike;
        if (first && choice.shows().contains(Choice.Show.PATTERN)) {
          String title = "pattern" + ofAll + ": " + density(head);
          patterns.add(panel(title, head.pattern(grids.colours()), head, tokens));
        }
        if (first && choice.shows().contains(Choice.Show.DENSITY)) {
          BlockDensity density = heads.densities().get(p);
          String title =
              String.format(
                  Locale.ROOT,
                  "blocks of %d%s: %.0f %% visited",
                  choice.block(),
                  ofAll,
                  100 * density.visited());
          densities.add(panel(title, density.pixels(), head, tokens));
        }
        if (choice.shows().contains(Choice.Show.WEIGHTS)) {
          weights.add(panel("weights" + of, head.heat(grids.scale()), head, tokens));
        }
      }
      add(
          strips,
          grids.sights().size() == 1 ? "" : heads.name(),
          List.of(patterns, weights, densities));
    }
    return strips;
  }

  private static void add(List<Strip> strips, String heading, List<List<Panel>> kinds) {
    int all = kinds.stream().mapToInt(List::size).sum();
    List<List<Panel>> rows =
        all <= 3 ? List.of(kinds.stream().flatMap(List::stream).toList()) : kinds;
    String above = heading;
    for (List<Panel> panels : rows) {
      int columns = panels.size() <= 4 ? panels.size() : panels.size() <= 6 ? 3 : 4;
      for (int from = 0; from < panels.size(); from += columns) {
        int to = Math.min(from + columns, panels.size());
        strips.add(new Strip(above, panels.subList(from, to)));
        above = "";
      }
    }
  }

  private static String density(HeadGrid head) {
    double percent = 100.0 * head.count() / Math.max(1, (long) head.queries() * head.keys());
    return head.count() == 0
        ? "no pairs"
        : String.format(
            Locale.ROOT, percent < 1 ? "%.3f %% of pairs" : "%.1f %% of pairs", percent);
  }

  private static Panel panel(String title, Pixels pixels, HeadGrid head, List<String> tokens) {
    return new Panel(title, pixels, Axis.of(head.queries(), tokens), Axis.of(head.keys(), tokens));
  }

  double width(double side) {
    return panels.stream().mapToDouble(panel -> panel.breadth(side)).sum();
  }

  double height(double side) {
    double tallest = panels.stream().mapToDouble(p -> p.height(side) + p.bottom()).max().orElse(0);
    return above() + Panel.TOP + tallest;
  }

  /** Room for the heading. */
  double above() {
    return heading.isEmpty() ? 0 : 21;
  }
}
