package dev.assay.gradcheck.gradient;

import dev.assay.check.Require;
import dev.assay.engine.ScalarEngine;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.mechanism.Case;
import dev.assay.op.OpCatalog;
import dev.assay.op.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Judges derivatives in every way that applies.
 *
 * @param seed of the random directions
 * @param effort how much is compared
 * @param ways which ways
 */
public record GradientChecks(int seed, Effort effort, Set<Way> ways) {
  /** The seed of a build. */
  public static final int SEED = 0xA55A7;

  /** The group of rows about primitives. */
  public static final String OP = "op";

  /** Checks that something is asked for. */
  public GradientChecks {
    Require.argument(!ways.isEmpty(), "no way to check gradients was named: name at least one");
  }

  /** All ways with the seed of a build. */
  public static GradientChecks quick() {
    return new GradientChecks(SEED, Effort.QUICK, Set.of(Way.values()));
  }

  /** What rows call a sample. */
  public static String name(Sample sample) {
    return Subject.of(sample).name();
  }

  /** One row a sample and way. */
  public List<Row> of(Sample sample) {
    return judge(OP, Subject.of(sample));
  }

  /** One row a sample and way, for every sample of every primitive. */
  public List<Row> ops() {
    List<Row> rows = new ArrayList<>();
    OpCatalog.samples().forEach(sample -> rows.addAll(of(sample)));
    return rows;
  }

  /** One row a way, for the case of a mechanism. */
  public List<Row> of(Case one) {
    Subject subject = Subject.of(one);
    String group = one.mechanism().id();
    List<Row> rows = new ArrayList<>();
    for (Row row : judge(group, subject)) {
      rows.add(new Row(group, one.name(), row.way(), row.tally(), row.margin()));
    }
    if (ways.contains(Way.FUSED)) {
      Directions random = new Directions(seed, subject.name());
      Tally tally = new Fused(new ScalarEngine()).run(one, random);
      rows.add(new Row(group, one.name(), Way.FUSED, tally, Double.POSITIVE_INFINITY));
    }
    return rows;
  }

  /** One row for a golden case. */
  public Row of(GoldenCase one) {
    String group = one.mechanism().id();
    return new Row(group, one.name(), Way.GOLDEN, Golden.run(one, seed), Double.POSITIVE_INFINITY);
  }

  private List<Row> judge(String group, Subject subject) {
    List<Row> rows = new ArrayList<>();
    for (SubjectCheck check : checks()) {
      if (ways.contains(check.way())) {
        Tally tally = new Tally();
        if (subject.point().isEmpty()) {
          tally.skip(1, "none of the inputs has a gradient, by design");
        } else {
          tally = check.run(subject, new Directions(seed, subject.name()));
        }
        rows.add(new Row(group, subject.name(), check.way(), tally, subject.record().margin()));
      }
    }
    return rows;
  }

  private List<SubjectCheck> checks() {
    return List.of(
        new Repeat(),
        new Adjoint(effort.draws()),
        new Differences(effort.directions(), effort.elements()),
        new SecondDerivatives(effort.second(), effort.second()));
  }
}
