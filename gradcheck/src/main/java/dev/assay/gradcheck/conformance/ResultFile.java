package dev.assay.gradcheck.conformance;

import dev.assay.check.Require;
import dev.assay.file.Printable;
import dev.assay.file.TensorFile;
import dev.assay.gradcheck.conformance.Attempt.Given;
import dev.assay.gradcheck.conformance.Attempt.Nothing;
import dev.assay.gradcheck.conformance.Attempt.Refusal;
import dev.assay.gradcheck.conformance.Attempt.Results;
import dev.assay.gradcheck.suite.Expectation;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.NativeTypes;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.RecipeCase;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.gradcheck.verdict.Status;
import dev.assay.tensor.DType;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The results for one case as they were handed in.
 *
 * @param file the tensors
 * @param precision the class that they are judged in
 * @param conventions what was declared
 */
record ResultFile(TensorFile file, PrecisionClass precision, Conventions conventions) {
  private static final String LEFT_OUT = "not attempted: the file has no such tensor";

  /**
   * Looks at the metadata.
   *
   * @param forced id of the class by an option, which wins over the file, or null
   * @param usual id of the class where the file names none, or null
   * @throws IllegalArgumentException if the file is not about this case, or its class is unclear
   */
  static ResultFile of(
      TensorFile file,
      GoldenCase golden,
      Suite suite,
      @Nullable String forced,
      @Nullable String usual,
      Map<String, String> options)
      throws IOException {
    Map<String, String> said = file.metadata();
    agrees(said, "suite", suite.id());
    agrees(said, "tcId", Integer.toString(golden.tcId()));
    if (said.containsKey("inputs_sha256")) {
      RecipeCase recipe = suite.recipe(golden.name()).orElse(null);
      String digest = recipe == null ? InputDigest.of(golden) : InputDigest.of(recipe);
      agrees(said, "inputs_sha256", digest);
    }
    String id = forced != null ? forced : said.getOrDefault("class", usual == null ? "" : usual);
    Require.argument(
        !id.isEmpty(), "metadata: names no class of precision: add 'class', or give --class");
    PrecisionClass precision = PrecisionClass.find(id);
    Require.argument(
        golden.classes().contains(precision.id()),
        "class %s cannot run this case, whose inputs are %s: its classes are %s",
        precision.id(),
        golden.dtype(),
        golden.classes());
    return new ResultFile(file, precision, Conventions.of(said, options));
  }

  private static void agrees(Map<String, String> said, String key, String expected) {
    String value = said.getOrDefault(key, expected);
    Require.argument(
        value.equals(expected),
        "metadata: %s is '%s', but that of the case is %s: were other inputs used?",
        key,
        value,
        expected);
  }

  /**
   * The tensors, with declared conventions undone.
   *
   * @throws IllegalArgumentException if one has the wrong type, or a name that no result has
   */
  Attempt attempt(GoldenCase golden) throws IOException {
    String refused = file.metadata().get("refused");
    if (refused != null && file.names().isEmpty()) {
      return new Refusal(Printable.of(refused));
    }
    String unsupported = file.metadata().get("unsupported");
    if (unsupported != null && file.names().isEmpty()) {
      return new Nothing(Status.NOT_SUPPORTED, Printable.of(unsupported));
    }
    if (golden.result() != Expectation.REFUSE) {
      strangers(golden);
    }
    Map<String, Given> given = new LinkedHashMap<>();
    Map<String, String> leftOut = new LinkedHashMap<>();
    for (Map.Entry<String, Tensor> expected : golden.expect().entrySet()) {
      String name = expected.getKey();
      if (file.names().contains(name)) {
        given.put(name, given(golden, name, expected.getValue()));
      } else if (mayBeAbsent(golden, name)) {
        leftOut.put(name, LEFT_OUT);
      }
    }
    return new Results(given, leftOut);
  }

  /** A result under a wrong name would otherwise pass for one that was left out. */
  private void strangers(GoldenCase golden) {
    Set<String> known = new LinkedHashSet<>(golden.expect().keySet());
    // What the case does not ask for is not judged, and may lie here all the same.
    known.addAll(List.of("out", "lse"));
    known.addAll(gradients(golden));
    for (String name : file.names()) {
      Require.argument(
          known.contains(name),
          "tensor %s is unknown: results of this case are called %s",
          name,
          golden.expect().keySet());
    }
  }

  private static List<String> gradients(GoldenCase golden) {
    return golden.mechanism().tensors().stream().map(spec -> spec.gradient()).toList();
  }

  /** An LSE may be left out, and all gradients together. */
  private boolean mayBeAbsent(GoldenCase golden, String name) {
    List<String> gradients = gradients(golden);
    return name.equals("lse")
        || (gradients.contains(name) && file.names().stream().noneMatch(gradients::contains));
  }

  private Given given(GoldenCase golden, String name, Tensor expected) throws IOException {
    DType type = file.dtype(name);
    boolean number = NativeTypes.expected(golden.mechanism(), name, expected) == DType.F64;
    DType wanted = precision.resultType(name);
    boolean lse = name.equals("lse");
    boolean more = lse && type.floating() && type.bytes() > wanted.bytes();
    Require.argument(
        number ? type == wanted || more : !type.floating(),
        "tensor %s is %s: class %s hands it in as %s",
        name,
        type,
        precision.id(),
        number ? wanted + (lse ? " or more" : "") : "BOOL or I32");
    Tensor value = file.tensor(name);
    return new Given(lse ? conventions.natural(value, type, expected) : value, type);
  }
}
