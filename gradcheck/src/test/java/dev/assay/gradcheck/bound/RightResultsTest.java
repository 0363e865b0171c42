package dev.assay.gradcheck.bound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.gradcheck.bound.FlashKernel.Order;
import dev.assay.gradcheck.conformance.Check;
import dev.assay.gradcheck.conformance.Progress;
import dev.assay.gradcheck.conformance.Replay;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.gradcheck.verdict.CaseVerdict;
import dev.assay.gradcheck.verdict.FailureText;
import dev.assay.gradcheck.verdict.RunVerdict;
import dev.assay.gradcheck.verdict.Status;
import dev.assay.gradcheck.verdict.SubjectVerdict;
import dev.assay.gradcheck.verdict.TensorVerdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Right kernels raise no alarm anywhere in the suite, in whatever order and blocks they sum. */
class RightResultsTest {
  @ParameterizedTest
  @EnumSource(PrecisionClass.class)
  void another_order_of_summation_gives_no_alarm(PrecisionClass precision) throws IOException {
    Suite suite = Suite.load();
    RunVerdict verdict =
        new Check(
                suite,
                suite.cases(),
                List.of(
                    new FlashKernel(precision, 16, Order.DESCENDING, false),
                    new FlashKernel(precision, 64, Order.PAIRWISE, true)),
                List.of(),
                null,
                new Replay("./assay", List.of("check")))
            .run(Progress.NONE);
    List<String> alarms = new ArrayList<>();
    for (SubjectVerdict subject : verdict.subjects()) {
      for (CaseVerdict one : subject.cases()) {
        if (!one.reason().isEmpty() && one.status() == Status.FAILED) {
          alarms.add(subject.subject() + " " + one.golden().name() + ": " + one.reason());
        }
        for (TensorVerdict tensor : one.tensors()) {
          if (!tensor.passes()) {
            alarms.add(subject.subject() + " " + FailureText.summary(one, tensor));
          }
        }
      }
      System.out.printf(
          "%s: %d cases, largest error/bound %.3f%n",
          subject.subject(), subject.judged(), subject.tightness());
      assertTrue(subject.judged() > 20, subject.subject());
    }
    assertEquals(List.of(), alarms);
    assertTrue(!verdict.failed(), () -> verdict.subjects().getFirst().gates().toString());
  }
}
