package dev.assay.layout;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.file.Safetensors;
import dev.assay.file.TensorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

/** A mask that a layout can say comes back as it was, whatever it is. */
class LayoutRoundTripProperties {
  @Provide
  Arbitrary<BlockLayout> layouts() {
    return Arbitraries.of(LayoutCatalog.all());
  }

  @Property(tries = 3000, seed = "41")
  void a_mask_survives_every_layout(@ForAll("layouts") BlockLayout layout, @ForAll int seed)
      throws IOException {
    Masks.Drawn drawn = Masks.draw(seed, layout.card());
    TensorFile file = write(layout, drawn);
    BlockMaps back = layout.read(new LayoutInput(file, drawn.options()));
    assertTrue(drawn.maps().sameAs(back), layout.id());
  }

  @Property(tries = 1000, seed = "42")
  void a_mask_survives_the_way_to_another_layout_and_back(
      @ForAll("layouts") BlockLayout from, @ForAll("layouts") BlockLayout to, @ForAll int seed)
      throws IOException {
    Masks.Drawn drawn = Masks.draw(seed, from.card());
    TensorFile file = write(from, drawn);
    Conversion there;
    try {
      there = Conversion.of(file, from, to, drawn.options());
    } catch (IllegalArgumentException refused) {
      Statistics.collect("refused");
      assertTrue(refused.toString().contains(": " + to.id() + " "), refused.toString());
      return;
    }
    Statistics.collect("converted");
    LayoutOptions sizes =
        drawn
            .options()
            .sizes(
                Fit.size(to.card(), drawn.options(), Axis.QUERIES, drawn.maps()).orElse(0),
                Fit.size(to.card(), drawn.options(), Axis.KEYS, drawn.maps()).orElse(0),
                drawn.maps().tokens(Axis.QUERIES),
                drawn.maps().tokens(Axis.KEYS));
    Conversion back = Conversion.of(there.file(), to, from, sizes);
    assertTrue(drawn.maps().sameAs(back.maps()), from.id() + " to " + to.id());
    Statistics.coverage(ways -> ways.check("converted").percentage(share -> share > 15));
  }

  @Property(tries = 60, seed = "43")
  void a_mask_survives_the_disk(@ForAll("layouts") BlockLayout layout, @ForAll int seed)
      throws IOException {
    Masks.Drawn drawn = Masks.draw(seed, layout.card());
    Path path = Files.createTempFile("mask", ".safetensors");
    try {
      Safetensors.write(path, write(layout, drawn));
      BlockMaps back = layout.read(new LayoutInput(TensorFile.read(path), drawn.options()));
      assertTrue(drawn.maps().sameAs(back), layout.id());
    } finally {
      Files.delete(path);
    }
  }

  private static TensorFile write(BlockLayout layout, Masks.Drawn drawn) {
    Fit.check(layout.card(), drawn.options(), drawn.maps());
    LayoutOutput out = new LayoutOutput(layout.card(), drawn.options());
    layout.write(drawn.maps(), out);
    TensorFile file = out.file();
    List<String> known = layout.card().tensors().stream().map(LayoutTensor::name).toList();
    assertTrue(known.containsAll(file.names()), layout.id());
    for (LayoutTensor tensor : layout.card().tensors()) {
      assertTrue(tensor.optional() || file.has(tensor.name()), tensor.name());
    }
    return file;
  }
}
