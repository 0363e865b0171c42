package dev.assay.mechanism.selected;

/** How a gate turns its own queries and keys by their positions. */
public enum GateRope {
  /** Not at all: they come turned, or have no positions. */
  NONE,
  /** Channel c with channel c + r/2. */
  HALF,
  /** Channel 2 c with channel 2 c + 1. */
  INTERLEAVED
}
