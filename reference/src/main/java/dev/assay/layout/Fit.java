package dev.assay.layout;

import dev.assay.check.Require;
import dev.assay.pattern.BlockMask;
import java.util.Arrays;
import java.util.OptionalInt;

/** Whether a layout can say all of a mask; what it cannot is refused, never dropped. */
final class Fit {
  private final LayoutCard card;
  private final LayoutOptions options;
  private final BlockMaps maps;

  private Fit(LayoutCard card, LayoutOptions options, BlockMaps maps) {
    this.card = card;
    this.options = options;
    this.maps = maps;
  }

  /**
   * Checks a mask against a card.
   *
   * @throws IllegalArgumentException with one sentence: the layout, what it cannot say, the remedy
   */
  static void check(LayoutCard card, LayoutOptions options, BlockMaps maps) {
    Fit fit = new Fit(card, options, maps);
    fit.blocks();
    fit.maps();
    fit.sizes(Axis.QUERIES, Ability.UNEQUAL_QUERIES, Ability.RAGGED_QUERIES);
    fit.sizes(Axis.KEYS, Ability.UNEQUAL_KEYS, Ability.RAGGED_KEYS);
    if (!fit.can(Ability.RECTANGLES)) {
      int q = size(card, options, Axis.QUERIES, maps).orElse(0);
      int k = size(card, options, Axis.KEYS, maps).orElse(0);
      fit.need(Ability.RECTANGLES, q != k, q + " queries and " + k + " keys are in a block");
    }
  }

  private boolean can(Ability ability) {
    return card.abilities().contains(ability);
  }

  private void need(Ability ability, boolean needed, String because) {
    Require.argument(
        can(ability) || !needed, "%s cannot %s: %s", card.id(), ability.phrase(), because);
  }

  private void blocks() {
    need(
        Ability.FULL,
        maps.fullBlocks() > 0,
        maps.fullBlocks()
            + " blocks are FULL; --declare partial forgets that, and the pairs stay the same");
    need(Ability.BITS, maps.blocksWithBits() > 0, maps.blocksWithBits() + " blocks carry bits");
  }

  private void maps() {
    String remedy = "; --merge-heads makes one of them if they are equal";
    need(Ability.HEADS, maps.heads() > 1, maps.heads() + " heads have maps" + remedy);
    need(Ability.BATCH, maps.batch() > 1, maps.batch() + " batch entries have maps" + remedy);
    for (int map = 1; map < maps.count(); map++) {
      int first = maps.rows(0).entries();
      int here = maps.rows(map).entries();
      need(Ability.UNEQUAL_COUNTS, here != first, "one has " + first + ", another " + here);
    }
  }

  private void sizes(Axis axis, Ability unequal, Ability ragged) {
    if (can(unequal)) {
      return;
    }
    int[] bounds = maps.bounds(axis);
    OptionalInt size = size(card, options, axis, maps);
    OptionalInt wanted = wanted(card, options, axis);
    if (size.isEmpty() && wanted.isPresent()) {
      throw new IllegalArgumentException(
          "%s needs blocks of %d %s here, but their bounds are %s"
              .formatted(card.id(), wanted.getAsInt(), axis.word(), shortened(bounds)));
    }
    need(unequal, size.isEmpty(), "the bounds are " + shortened(bounds));
    int tokens = maps.tokens(axis);
    need(
        ragged,
        size.isPresent() && tokens % size.getAsInt() != 0,
        "there are %d %s in blocks of %d".formatted(tokens, axis.word(), size.orElse(1)));
  }

  private static String shortened(int[] bounds) {
    return bounds.length <= 8
        ? Arrays.toString(bounds)
        : Arrays.toString(Arrays.copyOf(bounds, 8)).replace("]", ", ...]");
  }

  private static OptionalInt wanted(LayoutCard card, LayoutOptions options, Axis axis) {
    return card.size(axis) > 0 ? OptionalInt.of(card.size(axis)) : options.size(axis);
  }

  /** The size of equal blocks, of which the last may be shorter; nothing if they are not equal. */
  static OptionalInt size(LayoutCard card, LayoutOptions options, Axis axis, BlockMaps maps) {
    int[] bounds = maps.bounds(axis);
    // A single block may be a short one of any size: the first width is the guess, a wish decides.
    int size = wanted(card, options, axis).orElse(bounds.length > 1 ? bounds[1] : 1);
    int tokens = maps.tokens(axis);
    return size >= 1 && Arrays.equals(bounds, BlockMask.uniformBounds(tokens, size))
        ? OptionalInt.of(size)
        : OptionalInt.empty();
  }
}
