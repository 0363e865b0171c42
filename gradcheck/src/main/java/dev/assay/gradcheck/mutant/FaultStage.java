package dev.assay.gradcheck.mutant;

/** Stages of the plain kernel that can be made wrong by a fraction of what they give. */
public enum FaultStage {
  /** All products of queries and keys. */
  SCALE("every logit, by a factor"),
  /** All logits: seen by the log-sum-exp alone. */
  LOGIT("every logit, by a summand"),
  /** The largest weight of each tile. */
  WEIGHT("the largest weight of a tile"),
  /** The sum of weights, in output and log-sum-exp. */
  SUM("the sum of weights"),
  /** The weighted values of each tile. */
  VALUES("the weighted values of a tile"),
  /** The stored output alone. */
  OUT("the output"),
  /** D = dO . o. */
  DELTA("D of the backward"),
  /** The score gradients. */
  DS("the score gradients"),
  /** dq, where it is scaled. */
  DQ("dq"),
  /** dk, where it is scaled. */
  DK("dk"),
  /** What goes into dv. */
  DV("dv");

  private final String title;

  FaultStage(String title) {
    this.title = title;
  }

  /** What is wrong. */
  public String title() {
    return title;
  }

  /** The kernel's lines with what the stage gives off by a fraction. */
  Lines off(double fraction) {
    return switch (this) {
      case SCALE -> score(fraction);
      case LOGIT -> shifted(fraction);
      case WEIGHT -> weight(fraction);
      case SUM -> sum(fraction);
      case VALUES -> values(fraction);
      case OUT -> out(fraction);
      case DELTA -> delta(fraction);
      case DS -> scores(fraction);
      case DQ -> queries(fraction);
      case DK -> keys(fraction);
      case DV -> cotangents(fraction);
    };
  }

  private static float times(float x, double fraction) {
    return (float) (x * (1 + fraction));
  }

  private static Lines score(double d) {
    return Lines.with(
        new ScoreLines() {
          @Override
          float scaled(float dot, float scale, int channels) {
            return times(super.scaled(dot, scale, channels), d);
          }
        });
  }

  private static Lines shifted(double d) {
    return Lines.with(
        new ScoreLines() {
          @Override
          float scaled(float dot, float scale, int channels) {
            return (float) (super.scaled(dot, scale, channels) + d);
          }
        });
  }

  private static Lines weight(double d) {
    return Lines.with(
        new SoftmaxLines() {
          @Override
          float weight(float s, float shift) {
            float p = super.weight(s, shift);
            return s == shift ? times(p, d) : p;
          }
        });
  }

  private static Lines sum(double d) {
    return Lines.with(
        new SoftmaxLines() {
          @Override
          float out(float acc, float sum) {
            return super.out(acc, times(sum, d));
          }

          @Override
          float lse(float max, float sum) {
            return super.lse(max, times(sum, d));
          }
        });
  }

  private static Lines values(double d) {
    return Lines.with(
        new SoftmaxLines() {
          @Override
          float accumulate(float acc, float alpha, float tile) {
            return super.accumulate(acc, alpha, times(tile, d));
          }
        });
  }

  private static Lines out(double d) {
    return Lines.with(
        new SoftmaxLines() {
          @Override
          float out(float acc, float sum) {
            return times(super.out(acc, sum), d);
          }
        });
  }

  private static Lines delta(double d) {
    return Lines.with(
        new BackwardLines() {
          @Override
          float delta(float rowDot, float dLse) {
            return super.delta(times(rowDot, d), dLse);
          }
        });
  }

  private static Lines scores(double d) {
    return Lines.with(
        new BackwardLines() {
          @Override
          float dS(float p, float dP, float delta) {
            return times(super.dS(p, dP, delta), d);
          }
        });
  }

  private static Lines queries(double d) {
    return Lines.with(
        new BackwardLines() {
          @Override
          float scaledQ(float sum, float scale) {
            return times(super.scaledQ(sum, scale), d);
          }
        });
  }

  private static Lines keys(double d) {
    return Lines.with(
        new BackwardLines() {
          @Override
          float scaledK(float sum, float scale) {
            return times(super.scaledK(sum, scale), d);
          }
        });
  }

  private static Lines cotangents(double d) {
    return Lines.with(
        new BackwardLines() {
          @Override
          float intoV(float sum, float term, boolean lastKey, int headOfGroup) {
            return sum + times(term, d);
          }
        });
  }
}
