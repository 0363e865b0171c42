package dev.assay.gradcheck.conformance;

import dev.assay.gradcheck.suite.Expectation;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.SlidingWindow;
import dev.assay.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * What is right where a window of w keys does not count the query's own: a window of w + 1.
 *
 * <p>The one key more may turn a mean that no order of evaluation rounds into one that is rounded,
 * and make legal what nobody might read in the case as it is. So where it changes a result, nothing
 * of the case is exact any more, and it is nobody's twin.
 */
final class OtherWindow {
  private static final String SETTING = "window";

  private OtherWindow() {}

  /** Whether what is right under that convention is not known: of a recipe with a window. */
  static boolean isUnknown(GoldenCase golden) {
    return golden.samples() != null && golden.mechanism() instanceof SlidingWindow;
  }

  /** The case under that convention; the same one if its mechanism is no sliding window. */
  static GoldenCase of(GoldenCase golden) {
    Map<String, String> settings = new LinkedHashMap<>(Settings.of(golden.mechanism()));
    String window = settings.get(SETTING);
    if (window == null
        || !(golden.mechanism() instanceof SlidingWindow)
        || golden.samples() != null
        || golden.result() == Expectation.REFUSE) {
      return golden;
    }
    settings.put(SETTING, Integer.toString(Integer.parseInt(window) + 1));
    Mechanism wider = Settings.make(golden.mechanism().getClass(), settings);
    SequencedMap<String, Tensor> expect = new LinkedHashMap<>(golden.expect());
    Map<String, Tensor> results = Evaluation.define(wider, golden.inputs()).results();
    expect.replaceAll((name, before) -> results.getOrDefault(name, before));
    boolean same =
        golden.expect().entrySet().stream()
            .allMatch(e -> e.getValue().bitEquals(expect.getOrDefault(e.getKey(), e.getValue())));
    return same ? golden : Recast.of(golden, wider, expect, List.of(), null);
  }
}
