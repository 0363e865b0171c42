package dev.assay.gradcheck.export;

import dev.assay.file.AtomicFile;
import dev.assay.file.AtomicFolder;
import dev.assay.file.Json;
import dev.assay.file.Safetensors;
import dev.assay.file.TensorFile;
import dev.assay.gradcheck.bound.Bounds;
import dev.assay.gradcheck.bound.Declared;
import dev.assay.gradcheck.bound.NoBoundException;
import dev.assay.gradcheck.conformance.Progress;
import dev.assay.gradcheck.export.Prompt.Entry;
import dev.assay.gradcheck.export.Prompt.Index;
import dev.assay.gradcheck.export.Prompt.Shown;
import dev.assay.gradcheck.suite.CaseDocument.Configuration;
import dev.assay.gradcheck.suite.Expectation;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.NativeTypes;
import dev.assay.gradcheck.suite.Operation;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.tensor.DType;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes cases for somebody else's program: {@code family/case.json} and {@code
 * family/case.safetensors} with the inputs, and if wanted {@code case.bounds.safetensors} and
 * {@code case.answers.safetensors}.
 *
 * @param order order of axes
 * @param dtype type of all floating inputs, or null for that of each case
 * @param bounds class whose bounds are written, or null
 * @param answers whether the answers are written
 */
public record Export(
    Order order, @Nullable DType dtype, @Nullable PrecisionClass bounds, boolean answers) {
  static final String MARK = "EXPORT.md";

  private static final String WHAT_THIS_IS =
      """
      # Cases of the golden suite, for a kernel to run

      `suite.json` names the cases. Each is `<family>/<case>.json`, which says what to compute, and
      `<family>/<case>.safetensors`, which holds the inputs. Write your results, named as in `expect`, to
      `<results>/<family>/<case>.safetensors` with the metadata `class` (for instance f32-flash), then:

          ./assay verify <results>

      SPEC.md of the suite says what every field means and how results are judged.
      """;

  /**
   * What was written.
   *
   * @param cases what was written
   * @param leftOut cases whose numbers the type does not hold
   * @param unbounded cases for which no bounds are derived
   * @param gone names of cases that an older export had and this one has not
   */
  public record Written(
      List<GoldenCase> cases,
      List<GoldenCase> leftOut,
      List<GoldenCase> unbounded,
      List<String> gone) {}

  /**
   * Writes a folder, in place of an older export if there is one.
   *
   * @throws IOException with one sentence; the folder is then as it was
   */
  public Written write(Path target, Suite suite, List<GoldenCase> cases, Progress progress)
      throws IOException {
    Set<String> gone = new LinkedHashSet<>(Earlier.of(target).cases());
    Written written =
        new Written(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    AtomicFolder.write(
        target,
        folder -> Earlier.of(folder).files(),
        folder -> {
          for (GoldenCase golden : cases) {
            if (dtype != null && !holds(dtype, golden.dtype())) {
              written.leftOut().add(golden);
            } else {
              write(folder, golden, written);
            }
            progress.step(golden.name());
          }
          Json.write(folder.resolve(Index.FILE), index(suite, written.cases()));
          AtomicFile.write(folder.resolve(MARK), WHAT_THIS_IS);
        });
    written.cases().forEach(golden -> gone.remove(golden.name()));
    written.gone().addAll(gone);
    return written;
  }

  /** Whether every number of a case's type is one of the wanted type. */
  private static boolean holds(DType wanted, DType of) {
    return wanted == of
        || Arrays.stream(PrecisionClass.values())
            .anyMatch(c -> c.storage() == wanted && c.holds(of));
  }

  private Index index(Suite suite, List<GoldenCase> cases) {
    SequencedMap<String, Entry> entries = new LinkedHashMap<>();
    cases.forEach(golden -> entries.put(golden.name(), new Entry(golden.tcId(), golden.name())));
    return new Index(
        Index.SCHEMA,
        suite.id(),
        suite.version(),
        order.id(),
        dtype == null ? null : dtype.name(),
        bounds == null ? null : bounds.id(),
        answers,
        entries);
  }

  private void write(Path folder, GoldenCase golden, Written written) throws IOException {
    Path json = folder.resolve(golden.name() + ".json");
    Files.createDirectories(json.resolveSibling(""));
    TensorFile inputs = inputs(golden).build();
    Safetensors.write(folder.resolve(golden.name() + ".safetensors"), inputs);
    TensorFile expected = expected(golden);
    Json.write(json, prompt(golden, inputs, expected));
    written.cases().add(golden);
    if (answers && golden.result() != Expectation.REFUSE) {
      Safetensors.write(folder.resolve(golden.name() + ".answers.safetensors"), expected);
    }
    if (bounds != null && golden.classes().contains(bounds.id())) {
      bounds(folder.resolve(golden.name() + ".bounds.safetensors"), golden, bounds, written);
    }
  }

  /**
   * A case as one safetensors file in memory, for a program at the other end of a pipe: the inputs,
   * with the document in the metadata {@code prompt} and the class in {@code class}.
   */
  public static byte[] question(GoldenCase golden, PrecisionClass precision) throws IOException {
    Export plain = new Export(Order.BHSD, null, null, false);
    TensorFile inputs = plain.inputs(golden).build();
    Prompt prompt = plain.prompt(golden, inputs, plain.expected(golden));
    TensorFile.Builder file = plain.inputs(golden).metadata("class", precision.id());
    file.metadata("prompt", Json.mapper().writeValueAsString(prompt));
    return Safetensors.bytes(golden.name(), file.build());
  }

  private TensorFile.Builder inputs(GoldenCase golden) {
    TensorFile.Builder file = TensorFile.builder();
    golden
        .inputs()
        .forEach((name, tensor) -> file.put(name, type(golden, name), order.of(name, tensor)));
    return file;
  }

  private DType type(GoldenCase golden, String name) {
    Tensor tensor = Objects.requireNonNull(golden.inputs().get(name));
    DType wanted = dtype == null ? golden.dtype() : dtype;
    DType own = NativeTypes.input(golden.mechanism(), name, tensor, golden.dtype());
    return own.floating() ? NativeTypes.input(golden.mechanism(), name, tensor, wanted) : own;
  }

  private TensorFile expected(GoldenCase golden) {
    TensorFile.Builder file = TensorFile.builder();
    golden
        .expect()
        .forEach(
            (name, tensor) ->
                file.put(
                    name,
                    NativeTypes.expected(golden.mechanism(), name, tensor),
                    order.of(name, tensor)));
    return file.build();
  }

  private void bounds(Path path, GoldenCase golden, PrecisionClass precision, Written written)
      throws IOException {
    if (golden.result() == Expectation.REFUSE) {
      return;
    }
    Map<String, Tensor> found;
    try {
      found = Bounds.of(golden, precision, Declared.NOTHING);
    } catch (NoBoundException none) {
      written.unbounded().add(golden);
      return;
    }
    TensorFile.Builder file = TensorFile.builder().metadata("class", precision.id());
    found.forEach(
        (name, bound) -> {
          boolean exact = golden.exact().contains(name);
          file.put(name, DType.F64, order.of(name, exact ? Tensor.zeros(bound.shape()) : bound));
        });
    Safetensors.write(path, file.build());
  }

  private Prompt prompt(GoldenCase golden, TensorFile inputs, TensorFile expected)
      throws IOException {
    return new Prompt(
        Prompt.SCHEMA,
        golden.tcId(),
        golden.name(),
        golden.family(),
        golden.result().name().toLowerCase(Locale.ROOT),
        golden.refuseCode(),
        golden.flags(),
        golden.bugClass(),
        golden.comment(),
        golden.guards(),
        golden.dtype().name(),
        golden.classes(),
        golden.exact(),
        golden.twin(),
        operation(golden),
        new Configuration(golden.mechanism().id(), Operation.settings(golden.mechanism())),
        shown(inputs),
        shown(expected),
        null);
  }

  private SequencedMap<String, Object> operation(GoldenCase golden) {
    SequencedMap<String, Object> op = Operation.of(golden);
    if (order != Order.BHSD) {
      op.put("layout", order.id());
    }
    return op;
  }

  private static SequencedMap<String, Shown> shown(TensorFile file) throws IOException {
    SequencedMap<String, Shown> shown = new LinkedHashMap<>();
    for (String name : file.names()) {
      List<Integer> extents = Arrays.stream(file.shape(name).toArray()).boxed().toList();
      shown.put(name, new Shown(file.dtype(name).name(), extents));
    }
    return shown;
  }
}
