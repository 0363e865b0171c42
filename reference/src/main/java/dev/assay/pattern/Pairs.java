package dev.assay.pattern;

/** A set of query-key pairs. */
@FunctionalInterface
public interface Pairs {
  /** Whether query i and key j are a pair. */
  boolean contains(int i, int j);
}
