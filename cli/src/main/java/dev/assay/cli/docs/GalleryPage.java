package dev.assay.cli.docs;

import dev.assay.catalog.MechanismCatalog;
import dev.assay.mechanism.Mechanism;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The page {@code docs/gallery.md}: a picture of every mechanism, by family. */
final class GalleryPage {
  /** What the packages below {@code dev.assay.mechanism} hold; another is called by its name. */
  private static final Map<String, String> FAMILIES =
      Map.of(
          "fixed", "Fixed patterns: known before the input",
          "chunked", "Chunks and segments: they attend as wholes",
          "heads", "Heads: chosen, or choosing their tokens",
          "hashed", "Hashes, clusters, samples: alike tokens meet",
          "linear", "Features and recurrences: linear in the length",
          "lowrank", "Low rank: keys projected, or replaced by landmarks",
          "selected", "Selected: a gate chooses blocks or tokens",
          "pruned", "Pruned: selection without training, for models that exist",
          "learned", "Learned: the pattern itself, or the weights");

  private GalleryPage() {}

  /** The page as Markdown. */
  static String of() {
    Map<String, List<Mechanism>> families = new LinkedHashMap<>();
    for (Mechanism mechanism : MechanismCatalog.all()) {
      families.computeIfAbsent(family(mechanism), _ -> new ArrayList<>()).add(mechanism);
    }
    StringBuilder page = new StringBuilder();
    page.append("# Gallery\n\n");
    page.append("<!-- Made from the catalogue by './assay docs --write'. -->\n\n");
    page.append(
        """
        Every mechanism on a small made-up input: which query (row) meets which key (column), coloured by the rule that lets
        it, and the weights on a logarithmic scale. Weights of mechanisms that have no softmax over the tokens are what the
        value of a token counts for in an output. A title leads to the mechanism's page; the line below a picture draws it.
        `./assay draw ID --text FILE` draws any of them on your own text.

        """);
    families.forEach(
        (family, members) -> {
          page.append("## ").append(FAMILIES.getOrDefault(family, family)).append("\n\n");
          members.forEach(member -> page.append(entry(member)));
        });
    return page.toString().stripTrailing() + "\n";
  }

  private static String family(Mechanism mechanism) {
    String room = mechanism.getClass().getPackageName();
    return room.substring(room.lastIndexOf('.') + 1);
  }

  private static String entry(Mechanism mechanism) {
    Specimen specimen = Specimen.of(mechanism);
    return """
        ### [%s](mechanisms/%s.md)

        %s

        ![%s](pictures/%s.svg)

        `%s`

        """
        .formatted(
            mechanism.card().title(),
            mechanism.id(),
            mechanism.card().idea(),
            alt(mechanism),
            mechanism.id(),
            specimen.command());
  }

  /** What a reader who cannot see the picture is told. */
  static String alt(Mechanism mechanism) {
    String shown =
        Specimen.of(mechanism).options().contains("--show weights")
            ? "weights of queries on keys"
            : "which query meets which key, by rule, and the weights";
    return mechanism.card().title() + ": " + shown;
  }
}
