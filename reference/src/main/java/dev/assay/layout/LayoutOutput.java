package dev.assay.layout;

import dev.assay.file.TensorFile;
import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** The tensors of a layout in the making, in the types that its card names. */
public final class LayoutOutput {
  private final TensorFile.Builder file = TensorFile.builder();
  private final List<String> notes = new ArrayList<>();
  private final LayoutCard card;
  private final LayoutOptions options;

  /** Nothing yet. */
  public LayoutOutput(LayoutCard card, LayoutOptions options) {
    this.card = card;
    this.options = options;
    file.metadata("layout", card.id());
  }

  /** The size of the blocks along an axis, which {@link Fit} has found to be equal. */
  int size(Axis axis, BlockMaps maps) {
    return Fit.size(card, options, axis, maps).orElseThrow();
  }

  void put(String name, Shape shape, int... values) {
    put(name, shape, p -> values[p]);
  }

  void put(String name, Shape shape, IntUnaryOperator value) {
    file.put(name, dtype(name), Tensor.generate(shape, value::applyAsInt));
  }

  /** One number, or a few in a row. */
  void sizes(String name, int... values) {
    put(name, Shape.of(values.length), values);
  }

  void bounds(String name, int[] bounds) {
    put(name, Shape.of(bounds.length), bounds);
  }

  private DType dtype(String name) {
    return card.tensors().stream()
        .filter(tensor -> tensor.name().equals(name))
        .map(LayoutTensor::dtype)
        .findFirst()
        .orElseThrow();
  }

  /** Tells the user what the tensors do not say by themselves. */
  void note(String sentence) {
    notes.add(sentence);
  }

  /** What was noted. */
  public List<String> notes() {
    return List.copyOf(notes);
  }

  /** The tensors. */
  public TensorFile file() {
    return file.build();
  }
}
