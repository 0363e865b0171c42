package dev.assay.gradcheck.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.file.Npz;
import dev.assay.file.TensorFile;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.Mechanism;
import dev.assay.nn.Linear;
import dev.assay.op.Gradient;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One run of published code in float64: inputs, weights {@code w.NAME}, discrete choices, the
 * cotangent {@code cot}, and what came out, with gradients {@code g.NAME} of weights and {@code
 * d_NAME} of inputs.
 *
 * <p>A test takes the weights and inputs as values on one tape, goes from the inputs through the
 * mechanism to the peer's output, and has everything compared: a gradient that the file holds and
 * the test did not compare is a failure.
 */
final class PeerCase {
  private static final Path FOLDER = Path.of("../../shared/data/peers");

  /** As most files state: relative to the largest element of the tensor. */
  static final double RELATIVE = 1e-10;

  /** Where the truth is 0, as the gradient of a bias of keys is, both sides hold rounding alone. */
  private static final double ROUNDING = 1e-14;

  private final TensorFile file;
  private final double relative;
  private final Tape tape = new Tape();
  private final Map<String, Var> leaves = new LinkedHashMap<>();
  private final TreeSet<String> open = new TreeSet<>();

  private PeerCase(TensorFile file, double relative) {
    this.file = file;
    this.relative = relative;
    for (String name : file.names()) {
      if (name.startsWith("g.") || name.startsWith("d_")) {
        open.add(name);
      }
    }
  }

  /** The case, or a skipped test where the file is not there. */
  static PeerCase of(String name) throws IOException {
    return of(name, RELATIVE);
  }

  /** The same with a tolerance of its own. */
  static PeerCase of(String name, double relative) throws IOException {
    Path path = FOLDER.resolve(name + ".npz");
    assumeTrue(Files.exists(path), "skipped: not there: " + path);
    return new PeerCase(Npz.read(path), relative);
  }

  Tape tape() {
    return tape;
  }

  /** A tensor of the file as numbers. */
  Tensor tensor(String name) {
    try {
      return file.tensor(name).to(Storage.F64);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** An input or weight of the file as a leaf of the tape, always the same one. */
  Var var(String name) {
    return leaves.computeIfAbsent(name, n -> tape.leaf(n, tensor(n)));
  }

  /** The layer {@code NAME} with {@code w.NAME.weight} and, if the file has it, its bias. */
  Linear linear(String name) {
    String bias = "w." + name + ".bias";
    Var shift = file.names().contains(bias) ? var(bias) : null;
    return new Linear(var("w." + name + ".weight"), shift);
  }

  /** Defines a mechanism on values of this tape, and on further tensors. */
  Answer define(Mechanism mechanism, Map<String, Var> values, Map<String, Tensor> choices) {
    return mechanism.define(tape, Inputs.of(mechanism, tape, values, choices));
  }

  /** Compares values by the file's tolerance. */
  void agrees(String name, Var found) {
    agrees(name, found.value(), tensor(name));
  }

  /** Compares numbers by the file's tolerance. */
  void agrees(String what, Tensor found, Tensor published) {
    assertEquals(published.shape(), found.shape(), what);
    double largest = 0;
    for (int p = 0; p < published.size(); p++) {
      largest = Math.max(largest, Math.abs(published.get(p)));
    }
    for (int p = 0; p < published.size(); p++) {
      double a = found.get(p);
      double b = published.get(p);
      assertTrue(
          a == b || Math.abs(a - b) <= relative * largest + ROUNDING,
          what + "[" + p + "] is " + a + ": published is " + b);
    }
  }

  /**
   * Compares the output, and the gradients of {@code sum(out * cot)} in every leaf for which the
   * file holds one.
   *
   * @param without gradients of the file that are not compared; the test says why
   */
  void agrees(Var out, String... without) {
    agrees("out", out);
    compareGradients(List.of(out), List.of(tape.leaf("cot", tensor("cot"))), without);
  }

  /**
   * The same with the gradients of {@code sum(out * cot) + weight loss}; the loss is one number.
   */
  void agreesWithLoss(Var out, Var loss, double weight, String... without) {
    agrees("out", out);
    Var weighted = tape.leaf("weight", Tensor.full(loss.shape(), weight));
    compareGradients(
        List.of(out, loss), List.of(tape.leaf("cot", tensor("cot")), weighted), without);
  }

  private void compareGradients(List<Var> outputs, List<Var> cotangents, String... without) {
    List<String> names = new ArrayList<>();
    List<Var> wanted = new ArrayList<>();
    leaves.forEach(
        (name, leaf) -> {
          String gradient = gradient(name);
          if (gradient != null) {
            names.add(gradient);
            wanted.add(leaf);
          }
        });
    List<Var> gradients = Gradient.of(outputs, cotangents, wanted);
    for (int g = 0; g < names.size(); g++) {
      agrees(names.get(g), gradients.get(g));
      open.remove(names.get(g));
    }
    open.removeAll(List.of(without));
    assertTrue(open.isEmpty(), "gradients that nobody compared: " + open);
  }

  private @Nullable String gradient(String leaf) {
    String name = leaf.startsWith("w.") ? "g." + leaf.substring(2) : "d_" + leaf;
    return file.names().contains(name) ? name : null;
  }
}
