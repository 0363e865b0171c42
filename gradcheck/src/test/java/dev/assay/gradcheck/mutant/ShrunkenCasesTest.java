package dev.assay.gradcheck.mutant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.gradcheck.bound.Bounds.Reference;
import dev.assay.gradcheck.shrink.Shrinker;
import dev.assay.gradcheck.shrink.Shrinker.Shrunk;
import dev.assay.gradcheck.shrink.Trial;
import dev.assay.gradcheck.stage.Stage;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.mechanism.fixed.Longformer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A backward without delta, made small from cases with settings of their own. */
class ShrunkenCasesTest {
  private static final Trial WITHOUT_DELTA = MutantTrials.find("M77");

  private static Shrunk shrunk(String name) throws IOException {
    return Shrinker.of(Suite.load().find(name), WITHOUT_DELTA).orElseThrow();
  }

  @Test
  void settings_that_are_right_only_together_become_plain_one_after_another() throws IOException {
    Shrunk small = shrunk("longformer/one-sided");
    assertEquals(Stage.DELTA, small.stage().stage());
    assertEquals(
        Settings.of(Settings.defaults(Longformer.class)), Settings.of(small.golden().mechanism()));
  }

  @Test
  void one_setting_that_becomes_plain_does_not_undo_another() throws IOException {
    Shrunk small = shrunk("dense/mask-and-bias-and-causal");
    assertEquals(
        Settings.of(Settings.defaults(Dense.class)), Settings.of(small.golden().mechanism()));
    assertTrue(small.trials() < 1000, small.trials() + " trials");
  }

  @Test
  void only_the_case_of_the_suite_has_proven_values() throws IOException {
    GoldenCase golden = Suite.load().find("basic/causal-f32");
    List<Reference> asked = new ArrayList<>();
    Trial trial =
        (one, reference) -> {
          assertEquals(one.equals(golden) ? Reference.PROVEN : Reference.COMPUTED, reference);
          asked.add(reference);
          return WITHOUT_DELTA.compared(one, reference);
        };
    assertTrue(Shrinker.of(golden, trial).isPresent());
    assertTrue(asked.contains(Reference.COMPUTED), asked.toString());
  }
}
