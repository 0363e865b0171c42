package dev.assay.bench;

/** What is timed, and how many operations it stands for by the usual count. */
public enum Pass {
  /** The output: two products of d multiply-adds for each pair. */
  FORWARD(4),
  /**
   * The output and all gradients: seven products, though a kernel may compute some of them twice.
   */
  FORWARD_AND_BACKWARD(14);

  private final int perPairAndChannel;

  Pass(int perPairAndChannel) {
    this.perPairAndChannel = perPairAndChannel;
  }

  /** Floating-point operations for so many query-key pairs of so many channels. */
  public double flops(double pairs, int channels) {
    return perPairAndChannel * pairs * channels;
  }
}
