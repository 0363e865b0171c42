package dev.assay.gradcheck.conformance;

/** Is told how far a long run is; called from several threads. */
@FunctionalInterface
public interface Progress {
  /** For nobody. */
  Progress NONE = _ -> {};

  /** One more step is done. */
  void step(String name);
}
