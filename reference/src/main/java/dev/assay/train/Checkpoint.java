package dev.assay.train;

import dev.assay.file.FormatException;
import dev.assay.file.Safetensors;
import dev.assay.file.TensorFile;
import dev.assay.nn.Parameters;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * The state of a {@link Trainer} as a safetensors file, all bits of it: parameters under their
 * names, buffers under {@code @buffer/}, what the optimiser remembers under {@code @optimizer/};
 * seed, steps and the optimiser's id in the metadata.
 *
 * @param parameters parameters and buffers
 * @param optimizer id of the optimiser
 * @param state what it remembers
 * @param steps steps so far
 */
public record Checkpoint(
    Parameters parameters, String optimizer, SequencedMap<String, Tensor> state, int steps) {
  private static final String BUFFER = "@buffer/";
  private static final String OPTIMIZER = "@optimizer/";

  /** What a trainer has now. */
  public static Checkpoint of(Trainer<?> trainer) {
    Optimizer optimizer = trainer.training().optimizer();
    return new Checkpoint(trainer.parameters(), optimizer.id(), optimizer.state(), trainer.steps());
  }

  /** Writes it, atomically. */
  public void write(Path file) throws IOException {
    TensorFile.Builder builder = TensorFile.builder().putAll(parameters.values());
    parameters.buffers().forEach((name, value) -> builder.put(BUFFER + name, value));
    state.forEach((name, value) -> builder.put(OPTIMIZER + name, value));
    builder.metadata("seed", Integer.toString(parameters.seed()));
    builder.metadata("steps", Integer.toString(steps));
    builder.metadata("optimizer", optimizer);
    Safetensors.write(file, builder.build());
  }

  /**
   * Reads one.
   *
   * @throws FormatException if it is no checkpoint of a trainer
   */
  public static Checkpoint read(Path file) throws IOException {
    TensorFile read = Safetensors.read(file);
    SequencedMap<String, Tensor> values = new LinkedHashMap<>();
    SequencedMap<String, Tensor> buffers = new LinkedHashMap<>();
    SequencedMap<String, Tensor> state = new LinkedHashMap<>();
    for (Map.Entry<String, Tensor> entry : read.tensors().entrySet()) {
      String name = entry.getKey();
      if (name.startsWith(BUFFER)) {
        buffers.put(name.substring(BUFFER.length()), entry.getValue());
      } else if (name.startsWith(OPTIMIZER)) {
        state.put(name.substring(OPTIMIZER.length()), entry.getValue());
      } else {
        values.put(name, entry.getValue());
      }
    }
    Parameters parameters = Parameters.of(number(read, "seed", Integer.MIN_VALUE), values, buffers);
    return new Checkpoint(parameters, text(read, "optimizer"), state, number(read, "steps", 0));
  }

  /** A trainer that goes on from here; the optimiser of {@code training} takes up the state. */
  public <B> Trainer<B> resume(Objective<B> objective, Training training) {
    if (!training.optimizer().id().equals(optimizer)) {
      throw new IllegalArgumentException(
          "the checkpoint was written with %s: it cannot go on with %s"
              .formatted(optimizer, training.optimizer().id()));
    }
    training.optimizer().restore(state);
    return new Trainer<>(objective, parameters, training, steps);
  }

  private static String text(TensorFile file, String key) throws FormatException {
    String value = file.metadata().get(key);
    if (value == null) {
      throw new FormatException(
          file.source(), "metadata " + key, "is missing: this is no checkpoint of a training");
    }
    return value;
  }

  private static int number(TensorFile file, String key, int least) throws FormatException {
    String value = text(file, key);
    try {
      int number = Integer.parseInt(value);
      if (number >= least) {
        return number;
      }
    } catch (NumberFormatException broken) {
      throw new FormatException(
          file.source(), "metadata " + key, "is '" + value + "': a number is needed", broken);
    }
    throw new FormatException(
        file.source(), "metadata " + key, "is " + value + ": it must be at least " + least);
  }
}
