package dev.assay.mechanism.pruned;

import dev.assay.check.Require;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.pruned.MInference.HeadPattern;
import dev.assay.mechanism.pruned.MInference.Reading;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the heads of a {@link MInference} keep on their patterns.
 *
 * @param patterns of each head
 * @param columns at b * heads + h: which columns; all false for other patterns, as below
 * @param diagonals which diagonals, by distance
 * @param blocks which blocks
 */
record PatternChoice(
    HeadPattern[] patterns, boolean[][] columns, boolean[][] diagonals, BlockTables blocks) {
  /** What was given, and for the rest what the probe and the means say. */
  static PatternChoice of(
      MInference settings, AttentionProblem problem, Inputs inputs, Margin margin) {
    Tensor blockMask = inputs.truths("block_mask");
    PatternChoice choice =
        new PatternChoice(
            patterns(settings, problem, inputs),
            lines(problem, inputs.truths("columns"), "columns"),
            lines(problem, inputs.truths("diagonals"), "diagonals"),
            blockMask == null
                ? BlockTables.none(problem, settings.block(), settings.block())
                : BlockTables.given(problem, settings.block(), settings.block(), blockMask));
    PatternSearch search = new PatternSearch(settings, problem, margin);
    for (HeadRows head : HeadRows.all(problem)) {
      int map = head.index();
      switch (choice.patterns[head.h()]) {
        case A_SHAPE -> {}
        case VERTICAL_SLASH -> {
          if (!inputs.has("columns")) {
            choice.columns[map] = search.columns(head);
          }
          if (!inputs.has("diagonals")) {
            choice.diagonals[map] = search.diagonals(head);
          }
        }
        case BLOCK_SPARSE -> {
          if (blockMask == null) {
            choice.blocks.tables()[map] = search.blocks(head);
          }
        }
      }
    }
    return choice;
  }

  private static HeadPattern[] patterns(
      MInference settings, AttentionProblem problem, Inputs inputs) {
    HeadPattern[] patterns = new HeadPattern[problem.heads()];
    Arrays.fill(patterns, settings.pattern());
    int[] given = inputs.integers("patterns");
    if (given == null) {
      return patterns;
    }
    Require.argument(
        given.length == patterns.length,
        "patterns has %d entries for %d heads: one for each is needed",
        given.length,
        patterns.length);
    for (int h = 0; h < given.length; h++) {
      patterns[h] =
          switch (Require.index(given[h], 3, "the pattern of head " + h)) {
            case 0 -> HeadPattern.A_SHAPE;
            case 1 -> HeadPattern.VERTICAL_SLASH;
            default -> HeadPattern.BLOCK_SPARSE;
          };
    }
    return patterns;
  }

  /** Rows of 0 and 1 [B or 1, H or 1, n] for each batch entry and head; all false if not given. */
  private static boolean[][] lines(AttentionProblem problem, @Nullable Tensor given, String name) {
    boolean[][] lines = new boolean[problem.batches() * problem.heads()][problem.keys()];
    if (given == null) {
      return lines;
    }
    Shape shape = given.shape();
    Require.argument(
        shape.rank() == 3
            && shape.broadcastsOver(problem.batches(), problem.heads())
            && shape.extent(2) == problem.keys(),
        "%s has shape %s: [B, H, %d] is needed",
        name,
        shape,
        problem.keys());
    for (int map = 0; map < lines.length; map++) {
      for (int x = 0; x < lines[map].length; x++) {
        int h = map % problem.heads();
        lines[map][x] = KeepMask.broadcast(given, map / problem.heads(), h, x) != 0;
      }
    }
    return lines;
  }

  /** The pairs that are kept, up to the diagonal. */
  TokenTables table(MInference settings, AttentionProblem problem) {
    TokenTables kept = TokenTables.none(problem);
    for (HeadRows head : HeadRows.all(problem)) {
      boolean[][] table = kept.tables()[head.index()];
      boolean widened =
          patterns[head.h()] == HeadPattern.VERTICAL_SLASH && settings.reading() == Reading.LITERAL;
      for (int i = 0; i < table.length; i++) {
        if (widened) {
          int row = i / settings.block();
          table[i] =
              i % settings.block() > 0
                  ? table[i - 1]
                  : KernelLines.keys(
                      columns[head.index()],
                      diagonals[head.index()],
                      row * settings.block(),
                      settings.block());
        } else {
          for (int j = 0; j <= i; j++) {
            table[i][j] = keeps(settings, head.b(), head.h(), i, j);
          }
        }
      }
    }
    return kept;
  }

  private boolean keeps(MInference settings, int b, int h, int i, int j) {
    int map = b * patterns.length + h;
    return switch (patterns[h]) {
      case A_SHAPE -> j < settings.init() || i - j < settings.local();
      case VERTICAL_SLASH -> columns[map][j] || diagonals[map][i - j];
      case BLOCK_SPARSE -> blocks.keeps(b, h, i, j);
    };
  }

  /** The choices by name. */
  Map<String, Tensor> tensors(AttentionProblem problem) {
    Shape shape = Shape.of(problem.batches(), problem.heads(), problem.keys());
    int heads = problem.heads();
    return Map.of(
        "columns", KeepMask.where(shape, x -> columns[x[0] * heads + x[1]][x[2]]),
        "diagonals", KeepMask.where(shape, x -> diagonals[x[0] * heads + x[1]][x[2]]),
        "block_mask", blocks.tensor(problem));
  }
}
