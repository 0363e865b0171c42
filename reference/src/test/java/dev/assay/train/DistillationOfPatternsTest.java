package dev.assay.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.nn.Runner;
import dev.assay.op.Gradient;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A dense teacher's pattern and answers, and the sparse student that has them. */
class DistillationOfPatternsTest {
  /** One head, six tokens in blocks of two; the last two queries look at the middle block. */
  private static final Tensor LOOKED =
      Tensor.generate(
          Shape.of(1, 1, 6, 6),
          p -> {
            int query = p / 6;
            int key = p % 6;
            return query < 4 ? (key == query ? 1 : 0) : key == 2 ? 0.6 : key == 5 ? 0.4 : 0;
          });

  @Test
  void diagonal_and_first_block_are_always_met() {
    Tensor pattern = new TaughtPattern(2, 0.1).of(LOOKED);
    assertArrayEquals(new double[] {1, 0, 0, 1, 1, 0, 1, 0, 1}, pattern.toDoubles());
  }

  @Test
  void blocks_are_added_until_the_share_is_held() {
    Tensor pattern = new TaughtPattern(2, 0.9).of(LOOKED);
    assertArrayEquals(new double[] {1, 0, 0, 1, 1, 0, 1, 1, 1}, pattern.toDoubles());
  }

  @Test
  void examples_count_alike() {
    Tensor two =
        Tensor.generate(Shape.of(2, 1, 2, 2), p -> new double[] {1, 0, 0, 1, 1, 0, 0.8, 0.2}[p]);
    assertArrayEquals(new double[] {1, 0, 1, 1}, new TaughtPattern(1, 1).of(two).toDoubles());
  }

  @Test
  void one_answers_teach_nothing_to_themselves() {
    Tape tape = new Tape();
    Tensor answers = Tensor.of(Shape.of(2, 3), 0.5, -1, 2, 0, 0, 3);
    Var student = tape.leaf("x", answers);
    assertEquals(0, Loss.distilled(student, answers, 2).value().get(0), 1e-15);
  }

  @Test
  void the_slope_is_times_the_difference_of_the_answers() {
    Tape tape = new Tape();
    Var student = tape.leaf("x", Tensor.of(Shape.of(1, 2), 0, 0));
    Tensor teacher = Tensor.of(Shape.of(1, 2), 4, 0);
    Var loss = Loss.distilled(student, teacher, 2);
    Var one = tape.leaf("one", Tensor.scalar(1));
    double[] slope =
        Gradient.of(List.of(loss), List.of(one), List.of(student)).getFirst().value().toDoubles();
    double taught = 1 / (1 + StrictMath.exp(-2));
    // T^2 (softmax(x / T) - softmax(t / T)) / T
    assertArrayEquals(new double[] {2 * (0.5 - taught), 2 * (taught - 0.5)}, slope, 1e-15);
  }

  @Test
  void a_student_that_is_shown_everything_stays_as_good_as_its_teacher() {
    Recall task = new Recall(6, 4, 6, 3);
    ModelSize size = new ModelSize(16, 2, 1, 8, 1e-2, new Course(120, 600));
    RecallRun run = new RecallRun(task, size, Runner.naive());
    TrainingRecord.Run student =
        new DistilledRecall(run, new TaughtPattern(2, 1), 0.5, 2).train(1, step -> {});
    assertEquals(1, metric(student, "density"), 0);
    assertTrue(metric(student, "accuracy") > 0.9, student.metrics().toString());
  }

  private static double metric(TrainingRecord.Run run, String name) {
    return run.metrics().getOrDefault(name, Double.NaN);
  }
}
