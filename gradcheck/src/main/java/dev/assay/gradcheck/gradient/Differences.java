package dev.assay.gradcheck.gradient;

import dev.assay.autograd.Node;
import dev.assay.tensor.Tensor;
import dev.assay.tensor.Tolerance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reverse rules against finite differences of the function itself: along random signed directions,
 * and element by element for some elements of every input. The error estimate of the differences is
 * the tolerance. A stencil that crosses a kink is refused, and so is one whose estimate is too wide
 * to prove anything.
 *
 * @param directions how many random directions, each with its own cotangent
 * @param elements how many elements of each input, evenly spread
 */
record Differences(int directions, int elements) implements SubjectCheck {
  /** An estimate is itself uncertain: Ridders' is right within a small factor. */
  private static final double SAFETY = 8;

  /** Relative width from which a comparison would prove nothing. */
  private static final double USELESS = 1e-6;

  private static final int LOCATED = 2048;

  @Override
  public Way way() {
    return Way.DIFFERENCES;
  }

  @Override
  public Tally run(Subject subject, Directions random) {
    Tally tally = new Tally();
    for (int draw = 0; draw < directions; draw++) {
      Point point = new Point(subject, random, draw);
      int failed = tally.failed();
      point.compare("direction " + draw, random.draw("u", draw, subject.point()), tally);
      if (tally.failed() > failed) {
        tally.remark(locate(point));
      }
    }
    Point point = new Point(subject, random, 0);
    for (int x = 0; x < subject.point().size(); x++) {
      int size = subject.point().get(x).size();
      int some = Math.min(elements, size);
      for (int e = 0; e < some; e++) {
        int p = (int) ((long) e * size / some);
        point.compare(point.element(x, p), point.unit(x, p), tally);
      }
      if (elements > 0 && size > some) {
        tally.skip(size - some, "elements: " + elements + " of each input were taken singly");
      }
    }
    return tally;
  }

  /** Which single element disagrees most, once a direction has failed. */
  private static String locate(Point point) {
    String worst = "no single element";
    double largest = 1;
    int tried = 0;
    for (int x = 0; x < point.subject.point().size(); x++) {
      for (int p = 0; p < point.subject.point().get(x).size() && tried < LOCATED; p++, tried++) {
        Tally one = new Tally();
        point.compare(point.element(x, p), point.unit(x, p), one);
        if (one.worst() > largest) {
          largest = one.worst();
          worst = point.element(x, p);
        }
      }
    }
    return "of " + tried + " elements tried singly, the farthest off is " + worst;
  }

  /** The gradient at the subject's point for one cotangent. */
  private static final class Point {
    private final Subject subject;
    private final Recording recording;
    private final List<Node> nodes;
    private final List<Tensor> w;
    private final List<Tensor> gradient;

    Point(Subject subject, Directions random, int draw) {
      this.subject = subject;
      this.recording = subject.record();
      this.nodes = List.copyOf(recording.tape().nodes());
      this.w = random.draw("w", draw, Recording.values(recording.outputs()));
      this.gradient = recording.gradients(w, recording.inputs());
    }

    private static String words(String template, String what, double number) {
      return String.format(Locale.ROOT, template, what, number);
    }

    String element(int x, int p) {
      Tensor input = subject.point().get(x);
      return "d" + subject.inputs().get(x) + Arrays.toString(input.shape().index(p));
    }

    List<Tensor> unit(int x, int p) {
      List<Tensor> unit = new ArrayList<>();
      for (Tensor input : subject.point()) {
        boolean here = unit.size() == x;
        unit.add(Tensor.generate(input.shape(), q -> here && q == p ? 1 : 0));
      }
      return unit;
    }

    void compare(String what, List<Tensor> u, Tally tally) {
      Line line = new Line(subject, recording, nodes, w, u);
      Optional<Slope> found = Slope.of(line);
      if (found.isEmpty()) {
        tally.refuse(
            line.crossing() < Double.POSITIVE_INFINITY
                ? words("%s: every stencil crosses a kink %.1e away", what, line.crossing())
                : what + ": the function is not finite around the point");
        return;
      }
      Slope slope = found.get();
      double width = SAFETY * (slope.error() + line.rounding(slope.step()));
      double size = Products.magnitude(gradient, u) + line.magnitude();
      if (!(width <= USELESS * size) && width > 0) {
        tally.refuse(words("%s: the differences settle only to %.1e", what, width));
        return;
      }
      tally.compare(
          what,
          Products.inner(gradient, u),
          slope.value(),
          new Tolerance(width, 0, "the differences' own estimate of truncation and rounding"));
    }
  }
}
