package dev.assay.gradcheck.gradient;

import dev.assay.tensor.Tensor;
import dev.assay.tensor.Tolerance;
import java.util.List;

/** Two recordings and two backward passes with one cotangent give the same bits. */
record Repeat() implements SubjectCheck {
  @Override
  public Way way() {
    return Way.REPEAT;
  }

  @Override
  public Tally run(Subject subject, Directions directions) {
    Tally tally = new Tally();
    List<Tensor> first = gradients(subject, directions);
    List<Tensor> second = gradients(subject, directions);
    for (int x = 0; x < first.size(); x++) {
      int differing = 0;
      for (int p = 0; p < first.get(x).size(); p++) {
        long bits = Double.doubleToRawLongBits(first.get(x).get(p));
        differing += bits == Double.doubleToRawLongBits(second.get(x).get(p)) ? 0 : 1;
      }
      tally.compare(
          "elements of d" + subject.inputs().get(x) + " that differ between two backward passes",
          differing,
          0,
          Tolerance.exact("the order of summation is fixed"));
    }
    return tally;
  }

  private static List<Tensor> gradients(Subject subject, Directions directions) {
    Recording recording = subject.record();
    List<Tensor> outputs = Recording.values(recording.outputs());
    return recording.gradients(directions.draw("w", 0, outputs), recording.inputs());
  }
}
