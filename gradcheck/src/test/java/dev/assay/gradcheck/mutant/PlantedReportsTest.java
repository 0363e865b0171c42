package dev.assay.gradcheck.mutant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.gradcheck.mutant.Form.Order;
import dev.assay.gradcheck.shrink.Shrinker;
import dev.assay.gradcheck.shrink.Shrinker.Shrunk;
import dev.assay.gradcheck.shrink.Trial;
import dev.assay.gradcheck.stage.Attribution;
import dev.assay.gradcheck.stage.Pencil;
import dev.assay.gradcheck.stage.Stage;
import dev.assay.gradcheck.stage.Stages;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.Suite;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Three faults of different stages, each planted in one block: named, placed, and made small. */
class PlantedReportsTest {
  private static final int MOST_LINES = 24;
  private static final int MOST_COLUMNS = 100;
  private static final int BLOCK = 16;

  private static Trial trial(Lines lines) {
    return Trial.of(
        new PlainKernel(
            "planted", lines, new Form(PrecisionClass.F32_FLASH, BLOCK, Order.ASCENDING, 1, 1)));
  }

  private static void report(String name, Trial trial, Stage stage, String... words)
      throws IOException {
    GoldenCase golden = Suite.load().find(name);
    Attribution found = Stages.of(golden, trial.compared(golden)).orElseThrow();
    assertEquals(stage, found.stage(), found::sentence);
    for (String word : words) {
      assertTrue(found.sentence().contains(word), () -> word + " in: " + found.sentence());
    }
    Shrunk small = Shrinker.of(golden, trial).orElseThrow();
    assertEquals(stage, small.stage().stage(), small.stage()::sentence);
    List<String> lines = Pencil.lines(small.golden(), small.compared(), small.stage());
    String text = String.join("\n", lines);
    assertTrue(lines.size() <= MOST_LINES, text);
    lines.forEach(line -> assertTrue(line.length() <= MOST_COLUMNS, line));
    assertTrue(text.contains("right") && text.contains("got"), text);
  }

  @Test
  void keys_behind_the_last_block_that_count() throws IOException {
    Lines tail =
        Lines.with(
            new MaskLines() {
              @Override
              boolean tail(int j, int end) {
                return true;
              }
            });
    report("dense/square", trial(tail), Stage.MASK, "behind the last key block", "tail mask");
  }

  @Test
  void delta_that_is_missing_in_the_last_block_of_queries() throws IOException {
    Lines delta =
        Lines.with(
            new BackwardLines() {
              @Override
              float rowDot(Form form, float[] dOut, int from, float[] out, int outFrom, int n) {
                boolean last = outFrom / n % 65 >= 48;
                return last ? 0 : super.rowDot(form, dOut, from, out, outFrom, n);
              }
            });
    report("grid/causal-65-64", trial(delta), Stage.DELTA, "queries 48..64");
  }

  @Test
  void a_block_of_keys_at_which_nothing_is_rescaled() throws IOException {
    Lines rescale =
        Lines.with(
            new SoftmaxLines() {
              private int tile;

              @Override
              float max(float max, float s, int now) {
                tile = now;
                return super.max(max, s, now);
              }

              @Override
              float rescale(float before, float shift) {
                return tile == 2 ? 1 : super.rescale(before, shift);
              }
            });
    report("grid/causal-65-64", trial(rescale), Stage.RESCALE, "key 32");
  }
}
