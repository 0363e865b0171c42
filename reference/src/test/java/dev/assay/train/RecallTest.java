package dev.assay.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.nn.Runner;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RecallTest {
  private static final Recall TASK = new Recall(6, 3, 8, 4);

  @Test
  void a_query_asks_for_the_value_that_its_key_came_with() {
    Recall.Batch batch = TASK.draw(5, 1, 2);
    for (int b = 0; b < 5; b++) {
      List<Integer> keys = Arrays.stream(batch.keys()[b]).limit(6).boxed().toList();
      assertEquals(6, keys.stream().distinct().count());
      for (int t = 6; t < 9; t++) {
        int pair = keys.indexOf(batch.keys()[b][t]);
        assertEquals(batch.values()[b][pair], batch.targets()[b * 9 + t]);
        assertEquals(4, batch.values()[b][t]);
      }
      assertEquals(Loss.IGNORED, batch.targets()[b * 9]);
    }
    assertEquals(15, batch.asked());
  }

  @Test
  void the_same_seed_and_step_give_the_same_sequences() {
    assertArrayEquals(TASK.draw(2, 1, 7).targets(), TASK.draw(2, 1, 7).targets());
    assertFalse(
        Arrays.deepEquals(TASK.draw(2, 1, 7).keys(), TASK.draw(2, 2, 7).keys())
            && Arrays.deepEquals(TASK.draw(2, 1, 7).keys(), TASK.draw(2, 1, 8).keys()));
  }

  @Test
  void a_random_pattern_keeps_its_share_of_the_possible_keys() {
    RandomPattern pattern = new RandomPattern(2, 8, 0.5, true, 3);
    Tensor mask = Objects.requireNonNull(pattern.given().get("block_mask"));
    for (int row = 0; row < 16; row++) {
      int kept = 0;
      for (int j = 0; j < 8; j++) {
        boolean on = mask.get(row * 8 + j) == 1;
        kept += on ? 1 : 0;
        assertTrue(!on || j <= row % 8);
      }
      assertEquals(Math.max(1, (int) Math.rint(0.5 * (row % 8 + 1))), kept);
    }
  }

  @Test
  void dense_attention_learns_to_recall_and_the_density_is_one() {
    ModelSize size = new ModelSize(16, 2, 1, 8, 1e-2, new Course(150, 60));
    RecallRun run = new RecallRun(TASK, size, Runner.naive());
    TrainingRecord.Run result = run.train(Settings.defaults(Dense.class), Map.of(), 1, step -> {});
    double accuracy = Objects.requireNonNull(result.metrics().get("accuracy"));
    assertTrue(accuracy > 0.8, "accuracy " + accuracy);
    assertEquals(1, result.metrics().get("density"));
    double entropy = Objects.requireNonNull(result.metrics().get("entropy.0.1"));
    assertTrue(entropy > 0 && entropy < StrictMath.log(9), "entropy " + entropy);
    assertTrue(Objects.requireNonNull(result.metrics().get("norm.0.0")) > 0);
    assertEquals(15, result.losses().size());
    assertFalse(result.stopped());
  }

  @Test
  void a_spread_has_bessels_correction() {
    TrainingRecord.Spread spread = TrainingRecord.Spread.of(1, 3);
    assertEquals(2, spread.mean());
    assertEquals(Math.sqrt(2), spread.deviation(), 1e-15);
    assertEquals(0, TrainingRecord.Spread.of(5).deviation());
  }
}
