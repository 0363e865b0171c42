package dev.assay.plan;

/** Every query meets every key that the problem allows. */
public record DensePlan() implements Plan {
  @Override
  public String kind() {
    return "dense";
  }
}
