package dev.assay.layout;

import dev.assay.file.TensorFile;
import dev.assay.layout.LayoutOptions.Declare;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A mask on its way from one layout to another.
 *
 * @param maps the mask as it is written
 * @param file the tensors of the new layout
 * @param notes what was lost or changed by wish, and what the new tensors leave to the reader
 */
public record Conversion(BlockMaps maps, TensorFile file, List<String> notes) {
  /**
   * Converts.
   *
   * @throws dev.assay.file.FormatException if the file breaks a rule of its layout
   * @throws IllegalArgumentException if the new layout cannot say all of the mask
   */
  public static Conversion of(
      TensorFile file, BlockLayout from, BlockLayout to, LayoutOptions options) throws IOException {
    List<String> notes = new ArrayList<>();
    BlockMaps read = from.read(new LayoutInput(file, options));
    BlockMaps maps = merged(declared(read, options, notes), options, notes);
    Fit.check(to.card(), options, maps);
    LayoutOutput out = new LayoutOutput(to.card(), options);
    to.write(maps, out);
    notes.addAll(out.notes());
    return new Conversion(maps, out.file(), List.copyOf(notes));
  }

  private static BlockMaps declared(BlockMaps maps, LayoutOptions options, List<String> notes) {
    if (options.declare() == Declare.NOTHING) {
      return maps;
    }
    BlockMaps declared = maps.declared(options.declare() == Declare.FULL);
    int change = declared.fullBlocks() - maps.fullBlocks();
    if (change > 0) {
      notes.add(change + " blocks were declared FULL: engines skip every predicate in them");
    } else if (change < 0) {
      notes.add(-change + " blocks are no longer FULL: the pairs are the same");
    }
    return declared;
  }

  private static BlockMaps merged(BlockMaps maps, LayoutOptions options, List<String> notes) {
    if (!options.mergeHeads() || maps.count() <= 1) {
      return maps;
    }
    notes.add(
        "%d equal maps became one: the file no longer tells %d batch entries and %d heads"
            .formatted(maps.count(), maps.batch(), maps.heads()));
    return maps.merged();
  }
}
