package dev.assay.gradcheck.onnx;

import dev.assay.autograd.Var;
import dev.assay.file.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One ONNX backend node test: a folder with {@code model.onnx}, a graph of one node, and folders
 * {@code test_data_set_*} with its inputs and the outputs that somebody's implementation gave.
 *
 * @param folder the folder
 */
public record NodeTest(Path folder) {
  /** Name of the model's file. */
  static final String MODEL = "model.onnx";

  /** The folder's name. */
  public String name() {
    return String.valueOf(folder.toAbsolutePath().normalize().getFileName());
  }

  /** Runs the node through the oracle and compares; a broken file is an outcome too. */
  public Outcome run() throws IOException {
    try {
      return compare(OnnxReader.model(folder.resolve(MODEL)));
    } catch (FormatException broken) {
      return new Outcome.Malformed(name(), String.valueOf(broken.getMessage()));
    } catch (NoSuchFileException missing) {
      return new Outcome.Malformed(name(), missing.getFile() + " does not exist");
    }
  }

  private Outcome compare(Model model) throws IOException {
    if (model.nodes().size() != 1) {
      return new Outcome.NotSupported(
          name(), "a graph of " + model.nodes().size() + " nodes", "only one-node graphs are read");
    }
    Node node = model.nodes().getFirst();
    List<Difference> differences = new ArrayList<>();
    try {
      Operator operator = Operator.of(node);
      for (Path data : dataSets()) {
        differences.addAll(compare(model, node, operator, data));
      }
    } catch (NotSupportedException beyond) {
      return new Outcome.NotSupported(
          name(), node.qualifiedName(), String.valueOf(beyond.getMessage()));
    }
    return differences.isEmpty()
        ? new Outcome.Passed(name(), node.qualifiedName())
        : new Outcome.Failed(name(), node.qualifiedName(), List.copyOf(differences));
  }

  private List<Path> dataSets() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      List<Path> sets =
          entries
              .filter(p -> String.valueOf(p.getFileName()).startsWith("test_data_set_"))
              .sorted()
              .toList();
      if (sets.isEmpty()) {
        throw new FormatException(
            folder.toString(), "test_data_set_0", "is missing: a node test needs one data set");
      }
      return sets;
    }
  }

  private List<Difference> compare(Model model, Node node, Operator operator, Path data)
      throws IOException, NotSupportedException {
    Outputs right = run(operator, new Operands(node, inputs(model, node, data)), data);
    List<Difference> differences = new ArrayList<>();
    int compared = 0;
    for (int o = 0; o < node.outputs().size(); o++) {
      int file = model.outputs().indexOf(node.outputs().get(o));
      if (node.outputs().get(o).isEmpty() || file < 0) {
        continue;
      }
      @Nullable Var value = o < right.values().size() ? right.values().get(o) : null;
      if (value == null) {
        throw fault("node.output", node.operator() + " has no output at position " + o);
      }
      OnnxTensor given = OnnxReader.tensor(data.resolve("output_" + file + ".pb"));
      @Nullable Difference difference =
          Difference.find(node.outputs().get(o), value, given.value(), right.precision());
      if (difference != null) {
        differences.add(difference);
      }
      compared++;
    }
    if (compared == 0) {
      throw fault("graph.output", "names none of the node's outputs: there is nothing to compare");
    }
    return differences;
  }

  private Outputs run(Operator operator, Operands given, Path data)
      throws FormatException, NotSupportedException {
    try {
      return operator.run(given);
    } catch (IllegalArgumentException | ArithmeticException broken) {
      throw new FormatException(
          data.toString(), given.node().operator(), String.valueOf(broken.getMessage()), broken);
    }
  }

  private List<@Nullable OnnxTensor> inputs(Model model, Node node, Path data) throws IOException {
    List<@Nullable OnnxTensor> tensors = new ArrayList<>();
    for (String name : node.inputs()) {
      int file = model.inputs().indexOf(name);
      if (!name.isEmpty() && file < 0) {
        throw fault("node.input", "'" + name + "' is not among the graph's inputs");
      }
      tensors.add(name.isEmpty() ? null : OnnxReader.tensor(data.resolve("input_" + file + ".pb")));
    }
    return tensors;
  }

  private FormatException fault(String field, String rule) {
    return new FormatException(Objects.toString(folder.resolve(MODEL)), field, rule);
  }
}
