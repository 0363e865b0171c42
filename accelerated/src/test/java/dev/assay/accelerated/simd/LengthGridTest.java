package dev.assay.accelerated.simd;

import dev.assay.plan.AttentionProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Lengths and channels around every border that tiles, vectors and register blocks have. */
@Tag("width")
class LengthGridTest {
  private static final int[] LENGTHS = {0, 1, 3, 15, 16, 17, 63, 64, 65, 113, 127, 128, 129, 203};
  private static final int[][] CHANNELS = {
    {1, 1}, {1, 7}, {7, 33}, {33, 80}, {80, 1}, {64, 64}, {96, 128}, {61, 59}, {32, 160}
  };

  static Stream<Trial> lengths() {
    List<Trial> trials = new ArrayList<>();
    for (int queries : LENGTHS) {
      for (int keys : LENGTHS) {
        boolean causal = (queries + keys) % 2 == 0;
        trials.add(trial(queries, keys, 8, 5, causal));
      }
    }
    return trials.stream();
  }

  static Stream<Trial> channels() {
    List<Trial> trials = new ArrayList<>();
    for (int[] channels : CHANNELS) {
      trials.add(trial(67, 131, channels[0], channels[1], false));
      trials.add(trial(131, 67, channels[0], channels[1], true));
    }
    return trials.stream();
  }

  private static Trial trial(int queries, int keys, int depth, int valueDepth, boolean causal) {
    Draw draw = new Draw(22);
    return Trial.dense(
        "n_q %d n_k %d d %d d_v %d causal %s".formatted(queries, keys, depth, valueDepth, causal),
        AttentionProblem.of(
                draw.bell(1, 1, 2, queries, depth),
                draw.bell(2, 1, 1, keys, depth),
                draw.bell(3, 1, 1, keys, valueDepth))
            .causal(causal));
  }

  @ParameterizedTest
  @MethodSource({"lengths", "channels"})
  void every_element_is_within_its_bound(Trial trial) {
    trial.holds(new SimdEngine(2));
  }
}
