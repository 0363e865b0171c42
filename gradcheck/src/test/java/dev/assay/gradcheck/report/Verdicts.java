package dev.assay.gradcheck.report;

import dev.assay.gradcheck.conformance.CaseFilter;
import dev.assay.gradcheck.gate.Comparison;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.gradcheck.verdict.CaseVerdict;
import dev.assay.gradcheck.verdict.RunVerdict;
import dev.assay.gradcheck.verdict.Status;
import dev.assay.gradcheck.verdict.SubjectVerdict;
import dev.assay.tensor.DType;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Verdicts that were made up. */
final class Verdicts {
  private Verdicts() {}

  /** A third failed, a third malformed for an odd reason, a third not attempted. */
  static RunVerdict failing() throws IOException {
    List<CaseVerdict> cases = new ArrayList<>();
    for (GoldenCase golden : new CaseFilter("heads/dense*").of(Suite.load())) {
      cases.add(failed(golden));
      String odd = "odd & <tags> </script> 100 %\u0001";
      cases.add(CaseVerdict.of(golden, Status.MALFORMED, odd, "./assay y"));
      cases.add(CaseVerdict.of(golden, Status.NOT_ATTEMPTED, "", "./assay z"));
    }
    return of(cases);
  }

  /** Two failures that are known: one of numbers, one of a case as a whole. */
  static RunVerdict known() throws IOException {
    List<GoldenCase> goldens = new CaseFilter("heads/dense*").of(Suite.load());
    GoldenCase second = goldens.get(1);
    return of(
        List.of(
            failed(goldens.getFirst()).known("odd rounding"),
            compared(second, out(second)).known("twins differ")));
  }

  /** As many cases, all but the first of them passed. */
  static RunVerdict many(int count) throws IOException {
    List<GoldenCase> goldens = new CaseFilter("heads/dense*").of(Suite.load());
    List<CaseVerdict> cases = new ArrayList<>();
    cases.add(failed(goldens.getFirst()));
    while (cases.size() < count) {
      GoldenCase golden = goldens.get(cases.size() % goldens.size());
      cases.add(compared(golden, out(golden)));
    }
    return of(cases);
  }

  private static RunVerdict of(List<CaseVerdict> cases) {
    SubjectVerdict subject =
        new SubjectVerdict("mine", PrecisionClass.F32_FLASH, "a kernel", cases, List.of());
    return new RunVerdict("suite 1", List.of(subject), List.of("engine x is required"), List.of());
  }

  private static CaseVerdict failed(GoldenCase golden) {
    Tensor right = out(golden);
    Tensor wrong = Tensor.generate(right.shape(), p -> p == 3 ? Double.NaN : 2 * right.get(p));
    return compared(golden, wrong);
  }

  private static CaseVerdict compared(GoldenCase golden, Tensor value) {
    Tensor bound = Tensor.generate(value.shape(), p -> 1e-6);
    Comparison compared = Comparison.of("out", DType.F32, value, out(golden), bound);
    return CaseVerdict.of(golden, List.of(compared), Map.of("lse", "no LSE"), "./assay x");
  }

  private static Tensor out(GoldenCase golden) {
    return Objects.requireNonNull(golden.expect().get("out"));
  }
}
