package dev.assay.train;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.engine.AttentionRows;
import dev.assay.engine.AttentionRows.Row;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Observation;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.BlockSparse;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.nn.Parameters;
import dev.assay.nn.Scope;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * Distils a sparse pattern: a dense teacher learns {@link Recall}, shows where its attention lies,
 * and a block-sparse student with that {@link TaughtPattern} goes on from its parameters, with
 * {@code (1 - a) crossEntropy + a} {@link Loss#distilled} as its loss.
 *
 * @param run sizes of teacher and student; one layer
 * @param pattern what the student is shown
 * @param weight a, in [0, 1]
 * @param temperature T of the teacher's answers
 */
public record DistilledRecall(
    RecallRun run, TaughtPattern pattern, double weight, double temperature) {
  private static final int SHOWN = 16;

  /** Checks the numbers. */
  public DistilledRecall {
    Require.argument(weight >= 0 && weight <= 1, "weight is %s: it must lie in [0, 1]", weight);
    Require.argument(
        run.size().layers() == 1,
        "%d layers: a pattern is distilled for one layer",
        run.size().layers());
  }

  /** Trains the teacher, then the student; the record is the student's. */
  public TrainingRecord.Run train(int seed, IntConsumer watcher) {
    Mechanism dense = Settings.make(Dense.class, Map.of());
    Parameters teacher = Parameters.drawn(seed);
    run.fit(
        (scope, sequences) ->
            Loss.crossEntropy(run.logits(scope, dense, sequences, Map.of()), sequences.targets()),
        teacher,
        step -> {});
    Map<String, Tensor> given = Map.of("block_mask", pattern.of(attention(dense, teacher)));
    Parameters student = Parameters.of(seed, teacher.values(), teacher.buffers());
    Objective<Recall.Batch> objective =
        (scope, sequences) -> {
          Scope apart = Scope.of(new Tape(), teacher, run.runner());
          Tensor answers = run.logits(apart, dense, sequences, Map.of()).value();
          Var logits = run.logits(scope, student(), sequences, given);
          Var truth = Loss.crossEntropy(logits, sequences.targets());
          Var taught = Loss.distilled(logits, answers, temperature);
          return Ops.add(Ops.scale(truth, 1 - weight), Ops.scale(taught, weight));
        };
    Course.Outcome outcome = run.fit(objective, student, watcher);
    return TrainingRecord.Run.of(
        seed, run.judge(student(), given, student), outcome, student.count());
  }

  /** The student's attention. */
  public Mechanism student() {
    String block = Integer.toString(pattern.block());
    return Settings.make(BlockSparse.class, Map.of("blockQ", block, "blockK", block));
  }

  /** The teacher's weights on new sequences. */
  private Tensor attention(Mechanism dense, Parameters teacher) {
    Scope scope = Scope.of(new Tape(), teacher, run.runner());
    run.logits(scope, dense, run.task().draw(SHOWN, teacher.seed(), -2), Map.of());
    Map<String, Tensor> tensors = scope.attended().getFirst().tensors();
    List<AttentionRows> softmaxes = Observation.of(dense, tensors).softmaxes();
    return weights(softmaxes.getFirst());
  }

  private static Tensor weights(AttentionRows rows) {
    Shape shape = Shape.of(rows.batches(), rows.heads(), rows.queries(), rows.keys());
    double[] weights = new double[shape.size()];
    for (int b = 0; b < rows.batches(); b++) {
      for (int h = 0; h < rows.heads(); h++) {
        for (int i = 0; i < rows.queries(); i++) {
          Row row = rows.row(b, h, i);
          for (int e = 0; e < row.keys().length; e++) {
            weights[shape.offset(b, h, i, row.keys()[e])] = row.weights()[e];
          }
        }
      }
    }
    return Tensor.adopt(shape, weights);
  }
}
