package dev.assay.gradcheck.mutant;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.gradcheck.conformance.Progress;
import dev.assay.gradcheck.mutant.StageRun.Named;
import dev.assay.gradcheck.suite.Suite;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The stage that a report names, against wrong kernels whose stage is known. */
class NamedStagesTest {
  private static final int CASES = 3;

  @Test
  void the_named_stage_is_right_for_most_wrong_kernels_and_rarely_another() throws IOException {
    List<Named> all = new StageRun(Suite.load(), KillMatrixFile.load(), CASES).run(Progress.NONE);
    assertTrue(StageRun.cases(all) > 2 * MutantCatalog.all().size(), "too few cases");
    double right = StageRun.right(all);
    double wrong = StageRun.wrong(all);
    assertTrue(right >= StageRun.RIGHT, right + " % are right");
    assertTrue(wrong <= StageRun.WRONG, wrong + " % are wrong");
  }

  @Test
  void every_wrong_kernel_has_a_stage() {
    MutantCatalog.all()
        .forEach(mutant -> assertFalse(MutantStages.of(mutant.id()).isEmpty(), mutant.id()));
  }
}
