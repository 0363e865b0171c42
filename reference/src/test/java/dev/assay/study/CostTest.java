package dev.assay.study;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.assay.mechanism.Example;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.chunked.HierarchicalChunking;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.mechanism.fixed.SlidingWindow;
import dev.assay.mechanism.heads.HeadGate;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CostTest {
  @Test
  void dense_attention_costs_four_operations_a_pair_and_channel_and_five_for_the_softmax() {
    Cost cost = Cost.of(Settings.defaults(Dense.class), 64, 2, 32);
    assertEquals(2 * 64 * 64, cost.pairs());
    assertEquals(2.0 * 64 * 64 * (4 * 32 + 5), cost.operations());
    assertEquals(2 * 64, cost.lastRow());
  }

  @Test
  void a_causal_window_of_four_meets_four_keys_but_for_the_first_three_queries() {
    Mechanism window = Settings.make(SlidingWindow.class, Map.of("window", "4"));
    Cost cost = Cost.of(window, 100, 1, 8);
    assertEquals(4 * 100 - 3 - 2 - 1, cost.pairs());
    assertEquals(4, cost.lastRow());
  }

  @Test
  void chunks_of_a_joint_softmax_are_counted_once() {
    Mechanism chunks =
        Settings.make(
            HierarchicalChunking.class, Map.of("sizeRule", "FIXED", "size", "8", "t", "1"));
    // Eight chunks meet themselves, and all but the first the one before.
    assertEquals((8 + 7) * 64, Cost.of(chunks, 64, 1, 8).pairs());
  }

  @Test
  void operations_around_the_attention_are_counted_at_the_depth_asked_for() {
    Mechanism gate = Settings.defaults(HeadGate.class);
    Cost small = Cost.counted(gate, new Example(4, 32, 40, 1));
    assertEquals(small.around(), Cost.of(gate, 32, 4, 40).around());
  }
}
