package dev.assay.nn;

import dev.assay.check.Require;
import dev.assay.tensor.Philox;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.Supplier;
import java.util.zip.CRC32;

/**
 * The numbers of a model by name: those that learn, and those that were drawn once and stay
 * (buffers). A model asks for what it needs; what is not there yet is drawn.
 *
 * <p>A parameter's first values are a function of the seed and its name alone, so neither the order
 * in which a model asks nor the parameters beside it change them.
 */
public final class Parameters {
  private final int seed;
  private final boolean grows;
  private final SequencedMap<String, Tensor> values = new LinkedHashMap<>();
  private final SequencedMap<String, Tensor> buffers = new LinkedHashMap<>();
  private final Map<String, Map<String, Tensor>> shown = new LinkedHashMap<>();

  private Parameters(int seed, boolean grows) {
    this.seed = seed;
    this.grows = grows;
  }

  /** None yet: what a model asks for is drawn. */
  public static Parameters drawn(int seed) {
    return new Parameters(seed, true);
  }

  /**
   * Those of a checkpoint: a model that asks for another is refused.
   *
   * @param seed draws buffers that are not given
   */
  public static Parameters of(int seed, Map<String, Tensor> values, Map<String, Tensor> buffers) {
    Parameters parameters = new Parameters(seed, false);
    values.forEach((name, value) -> parameters.values.put(name, value.to(Storage.F64)));
    buffers.forEach((name, value) -> parameters.buffers.put(name, value.to(Storage.F64)));
    return parameters;
  }

  /** What the first values were drawn with. */
  public int seed() {
    return seed;
  }

  /** The generator that belongs to a name. */
  public Philox generator(String name) {
    return new Philox(seed, stream(name), 0);
  }

  /** The CRC-32 of the name. */
  static int stream(String name) {
    CRC32 crc = new CRC32();
    crc.update(name.getBytes(StandardCharsets.UTF_8));
    return (int) crc.getValue();
  }

  /**
   * The values of a parameter; they are drawn if there are none yet.
   *
   * @throws IllegalArgumentException if a checkpoint lacks it, or it has another shape
   */
  public Tensor get(String name, Shape shape, Start start) {
    Tensor known = values.get(name);
    if (known == null) {
      Require.argument(
          grows,
          "the model needs a parameter %s of shape %s, which the checkpoint lacks: it holds %s",
          name,
          shape,
          values.keySet());
      known = start.draw(generator(name), shape);
      values.put(name, known);
    }
    Require.argument(
        known.shape().equals(shape),
        "the parameter %s has shape %s: the model needs %s",
        name,
        known.shape(),
        shape);
    return known;
  }

  /**
   * The values of a parameter that is there.
   *
   * @throws IllegalArgumentException if it is not
   */
  public Tensor get(String name) {
    Tensor known = values.get(name);
    Require.argument(known != null, "there is no parameter %s: %s", name, values.keySet());
    return Objects.requireNonNull(known);
  }

  /**
   * Gives a parameter that is there new values.
   *
   * @throws IllegalArgumentException if it is not there or has another shape
   */
  public void set(String name, Tensor value) {
    Require.argument(
        get(name).shape().equals(value.shape()),
        "the parameter %s has shape %s, not %s",
        name,
        get(name).shape(),
        value.shape());
    values.put(name, value.to(Storage.F64));
  }

  /**
   * The buffers below a name, {@code name/key}; drawn if there are none yet.
   *
   * @return by key
   */
  public SequencedMap<String, Tensor> buffers(
      String name, Supplier<? extends Map<String, Tensor>> draw) {
    SequencedMap<String, Tensor> found = below(name + "/");
    if (found.isEmpty()) {
      draw.get().forEach((key, value) -> buffers.put(name + "/" + key, value.to(Storage.F64)));
      found = below(name + "/");
    }
    return found;
  }

  /** Remembers what is slow to make and easily made again; no part of a checkpoint. */
  Map<String, Tensor> remembered(String name, Supplier<? extends Map<String, Tensor>> make) {
    return shown.computeIfAbsent(name, it -> make.get());
  }

  private SequencedMap<String, Tensor> below(String prefix) {
    SequencedMap<String, Tensor> found = new LinkedHashMap<>();
    buffers.forEach(
        (name, value) -> {
          if (name.startsWith(prefix)) {
            found.put(name.substring(prefix.length()), value);
          }
        });
    return found;
  }

  /** All parameters, in the order in which they were asked for. */
  public SequencedMap<String, Tensor> values() {
    return Collections.unmodifiableSequencedMap(values);
  }

  /** All buffers. */
  public SequencedMap<String, Tensor> buffers() {
    return Collections.unmodifiableSequencedMap(buffers);
  }

  /** How many numbers learn. */
  public long count() {
    return values.values().stream().mapToLong(Tensor::size).sum();
  }
}
