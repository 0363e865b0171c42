package dev.assay.gradcheck.enclosure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.engine.ScalarEngine;
import dev.assay.gradcheck.conformance.Alarms;
import dev.assay.gradcheck.gate.Comparison;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Published bounds against proven radii, and radii against a right kernel. */
class CertificationTest {
  /** Their inputs hold infinities or NaN that are read, so there is nothing to prove. */
  private static final Set<String> NO_NUMBERS =
      Set.of("dense/infinite-logit", "special/dropped-values-nan", "special/minus-infinite-logit");

  private static List<GoldenCase> cases() throws IOException {
    return Suite.load().cases().stream().filter(one -> one.refuseCode() == null).toList();
  }

  @Test
  void every_bound_of_a_case_of_real_numbers_covers_every_right_kernel() throws IOException {
    TreeSet<String> open = new TreeSet<>();
    Certification[] total = {Certification.NONE};
    cases().parallelStream()
        .forEach(
            one ->
                Certification.of(one)
                    .forEach(
                        (precision, own) ->
                            own.forEach(
                                (name, found) -> {
                                  synchronized (open) {
                                    total[0] = total[0].and(found);
                                    if (found.certified() < found.elements()) {
                                      open.add(one.name());
                                    }
                                  }
                                })));
    assertEquals(NO_NUMBERS, open);
    assertTrue(total[0].certified() > 400_000, total[0].toString());
  }

  @Test
  void the_radii_cover_the_errors_of_the_fp64_engine() throws IOException {
    int compared = 0;
    for (GoldenCase one : cases()) {
      if (NO_NUMBERS.contains(one.name()) || !one.family().equals("grad")) {
        continue;
      }
      Map<PrecisionClass, SequencedMap<String, Tensor>> radii =
          Enclosure.radii(one).orElse(Map.of());
      SequencedMap<String, Tensor> own = radii.get(PrecisionClass.F64);
      if (own == null) {
        continue;
      }
      for (Comparison each : Alarms.of(one).compared(new ScalarEngine())) {
        Tensor radius = Objects.requireNonNull(own.get(each.tensor()), each.tensor());
        for (int p = 0; p < radius.size(); p++) {
          double golden = each.golden().get(p);
          if (!Double.isFinite(golden)) {
            assertEquals(golden, each.value().get(p), one.name() + " " + each.tensor());
            continue;
          }
          double off = Math.abs(each.value().get(p) - golden);
          double most = radius.get(p) + Math.ulp(golden) / 2;
          assertTrue(off <= most, one.name() + " " + each.tensor() + " at " + p);
          compared++;
        }
      }
    }
    assertTrue(compared > 5_000, compared + " numbers");
  }
}
