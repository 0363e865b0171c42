package dev.assay.cli;

import dev.assay.gradcheck.bound.NoBoundException;
import dev.assay.gradcheck.suite.Expectation;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.Suite;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code assay explain CASE[tensor,index]}: what can be asked of one element of the suite. */
final class ElementOptions {
  @Option(
      names = "--class",
      paramLabel = "CLASS",
      description = "Of an element: the class of precision (default: the widest of the case).")
  private @Nullable String precision;

  @Option(
      names = "--results",
      paramLabel = "DIR",
      description = "Of an element: a folder of results, as verify reads it.")
  private @Nullable Path results;

  /** Whether something was asked that only an element can answer. */
  boolean given() {
    return precision != null || results != null;
  }

  /** Prints what there is to say. */
  void explain(String word, PrintWriter print) throws IOException {
    Suite suite = Suite.load();
    ElementName element = ElementName.of(word, suite);
    Usage.require(
        element.golden().result() != Expectation.REFUSE,
        "%s is to be refused: it has no values",
        word);
    PrecisionClass in = precisionClass(element.golden());
    try {
      ElementText text = ElementText.of(element, in, print);
      text.say();
      if (results != null) {
        text.judge(results, suite);
      }
    } catch (NoBoundException none) {
      throw new Usage.BadValue(
          "%s has no bound in %s: %s".formatted(word, in.id(), none.getMessage()));
    }
  }

  private PrecisionClass precisionClass(GoldenCase golden) {
    String id = precision;
    if (id == null) {
      return PrecisionClass.find(golden.classes().getFirst());
    }
    Usage.require(
        golden.classes().contains(id), "--class is %s: the case has %s", id, golden.classes());
    return PrecisionClass.find(id);
  }
}
