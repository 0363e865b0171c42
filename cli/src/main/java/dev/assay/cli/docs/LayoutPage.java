package dev.assay.cli.docs;

import dev.assay.layout.Ability;
import dev.assay.layout.BlockLayout;
import dev.assay.layout.LayoutCard;
import dev.assay.layout.LayoutCatalog;
import dev.assay.layout.LayoutTensor;

/** The page of the block layouts: who can say what, and the tensors of each. */
final class LayoutPage {
  private static final String HEAD =
      """
      # Block layouts

      <!-- made by './assay docs --write' -->

      How projects write down which blocks of queries and keys exist. `./assay convert` reads each into Assay's block mask and writes it in
      another:

      ```
      ./assay convert --from flashinfer-bsr --to flex-attention --in mask.npz --out block_mask.safetensors
      ```

      A file holds the tensors under the names below, as safetensors, or for reading also npz. Any type of whole numbers is read; the type
      named here is written. Sizes that a project keeps as attributes or arguments are small tensors here; where a file lacks them, `--block-q`,
      `--block-k`, `--q` and `--k` tell. Every index that counts is checked: its range, its order where the layout has one, and that it
      comes once. What a project leaves undefined behind a count is not looked at.

      A block is FULL where a kernel may skip every predicate, PARTIAL otherwise; PARTIAL blocks may carry bits, one for each pair. What a
      layout cannot say is refused in a sentence. Two things may be changed by wish, and are then reported: `--declare partial` forgets
      which blocks are FULL (the pairs stay the same), `--declare full` says that nothing but the file masks; `--merge-heads` makes
      one map of equal ones.

      """;

  private LayoutPage() {}

  /** The page as Markdown. */
  static String of() {
    StringBuilder page = new StringBuilder(HEAD);
    table(page);
    for (BlockLayout layout : LayoutCatalog.all()) {
      section(page, layout.card());
    }
    return page.toString();
  }

  private static void table(StringBuilder page) {
    page.append("| layout can |");
    for (Ability ability : Ability.values()) {
      page.append(' ').append(ability.phrase()).append(" |");
    }
    page.append("\n|---|").append(":-:|".repeat(Ability.values().length)).append('\n');
    for (BlockLayout layout : LayoutCatalog.all()) {
      page.append("| [%s](#%s) |".formatted(layout.id(), layout.id()));
      for (Ability ability : Ability.values()) {
        page.append(layout.card().abilities().contains(ability) ? " yes |" : " |");
      }
      page.append('\n');
    }
  }

  private static void section(StringBuilder page, LayoutCard card) {
    page.append("\n## %s\n\n".formatted(card.id()));
    page.append("%s; from %s.\n".formatted(capital(card.title()), source(card)));
    if (card.blockQ() > 0) {
      page.append("Blocks of %s".formatted(tokens(card.blockQ(), "query", "queries")));
      page.append(
          card.blockK() > 0 ? " and %s.\n".formatted(tokens(card.blockK(), "key", "keys")) : ".\n");
    }
    page.append("\n| tensor | shape | type | element |\n|---|---|---|---|\n");
    for (LayoutTensor tensor : card.tensors()) {
      page.append(
          "| `%s`%s | %s | %s | %s |\n"
              .formatted(
                  tensor.name(),
                  tensor.optional() ? " (optional)" : "",
                  tensor.shape(),
                  tensor.dtype(),
                  tensor.meaning()));
    }
    page.append('\n');
    card.notes().forEach(note -> page.append("- ").append(note).append('\n'));
  }

  private static String tokens(int count, String one, String many) {
    return count + " " + (count == 1 ? one : many);
  }

  private static String capital(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }

  /** The repository, which is the first word where it has a slash, as a link. */
  private static String source(LayoutCard card) {
    String[] words = card.source().split(" ", 2);
    return words[0].contains("/")
        ? "[%s](https://github.com/%s) %s".formatted(words[0], words[0], words[1])
        : card.source();
  }
}
