package dev.assay.cli.picture;

import java.util.List;
import java.util.Set;

/**
 * What of the attention is drawn.
 *
 * @param batch the batch entry
 * @param heads the heads, in order; empty for all, up to {@link AttentionGrids#MOST_HEADS}
 * @param shows the panels
 * @param block tokens a side of the blocks whose density is shown
 * @param cells cells a side, at most
 */
public record Choice(int batch, List<Integer> heads, Set<Show> shows, int block, int cells) {
  /** A kind of panel. */
  public enum Show {
    /** Which pairs exist, coloured by rule. */
    PATTERN,
    /** The weights, on a logarithmic scale. */
    WEIGHTS,
    /** The share of the pairs of each block that exist. */
    DENSITY
  }
}
