package dev.assay.cli.docs;

import dev.assay.engine.Engine;
import dev.assay.gradcheck.bound.BoundMeans;
import dev.assay.gradcheck.conformance.Progress;
import dev.assay.gradcheck.enclosure.Certification;
import dev.assay.gradcheck.mutant.SmallestFault;
import dev.assay.gradcheck.mutant.Tightness;
import dev.assay.gradcheck.suite.Expectation;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.Suite;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;

/**
 * All that is found out about the bounds of a suite.
 *
 * @param suite id and version
 * @param certified by class and tensor
 * @param proofs cases for which radii are proven
 * @param without cases that are more than one softmax, for which none are
 * @param uncertified names of the cases of which some bound is not certified, and how many
 * @param kernels right kernels that were run
 * @param means geometric means of the bounds by case, class and tensor
 * @param loose looseness by case, class and tensor
 * @param faults smallest faults that are found
 */
public record BoundsStudy(
    String suite,
    Map<PrecisionClass, SequencedMap<String, Certification>> certified,
    int proofs,
    int without,
    SequencedMap<String, Long> uncertified,
    int kernels,
    Map<String, SequencedMap<String, SequencedMap<String, Double>>> means,
    List<Tightness.Entry> loose,
    List<SmallestFault.Found> faults) {

  /** How many steps {@link #of} tells of. */
  public static int steps(Suite suite) {
    Tightness tightness = new Tightness(suite, List.of());
    return 2 * tightness.cases().size() + new SmallestFault(suite).steps();
  }

  /** Finds it out, which takes minutes. */
  public static BoundsStudy of(Suite suite, List<Engine> engines, Progress progress) {
    Map<PrecisionClass, SequencedMap<String, Certification>> certified =
        new EnumMap<>(PrecisionClass.class);
    SequencedMap<String, Long> uncertified = new LinkedHashMap<>();
    int proofs = 0;
    Map<String, Map<PrecisionClass, SequencedMap<String, Certification>>> byCase =
        certified(suite, progress);
    for (var one : byCase.entrySet()) {
      proofs += one.getValue().isEmpty() ? 0 : 1;
      long open = 0;
      for (var own : one.getValue().entrySet()) {
        for (Map.Entry<String, Certification> each : own.getValue().entrySet()) {
          certified
              .computeIfAbsent(own.getKey(), _ -> new LinkedHashMap<>())
              .merge(each.getKey(), each.getValue(), Certification::and);
          open += each.getValue().elements() - each.getValue().certified();
        }
      }
      if (open > 0) {
        uncertified.put(one.getKey(), open);
      }
    }
    Tightness tightness = new Tightness(suite, engines);
    return new BoundsStudy(
        suite.id() + " " + suite.version(),
        certified,
        proofs,
        byCase.size() - proofs,
        uncertified,
        tightness.kernels(),
        means(suite),
        tightness.run(progress),
        new SmallestFault(suite).run(progress));
  }

  private static Map<String, SequencedMap<String, SequencedMap<String, Double>>> means(
      Suite suite) {
    return answered(suite).parallelStream()
        .collect(
            Collectors.toMap(
                GoldenCase::name, BoundMeans::of, (one, _) -> one, ConcurrentSkipListMap::new));
  }

  private static List<GoldenCase> answered(Suite suite) {
    return suite.cases().stream().filter(one -> one.result() == Expectation.VALID).toList();
  }

  private static Map<String, Map<PrecisionClass, SequencedMap<String, Certification>>> certified(
      Suite suite, Progress progress) {
    Map<String, Map<PrecisionClass, SequencedMap<String, Certification>>> found = new TreeMap<>();
    answered(suite).parallelStream()
        .forEach(
            one -> {
              Map<PrecisionClass, SequencedMap<String, Certification>> own = Certification.of(one);
              synchronized (found) {
                found.put(one.name(), own);
              }
              progress.step(one.name());
            });
    return found;
  }

  /** Looseness of all rows of a tensor in a class, ascending. */
  double[] loose(PrecisionClass precision, String tensor) {
    List<double[]> parts = new ArrayList<>();
    loose.stream()
        .filter(one -> one.precision() == precision && one.tensor().equals(tensor))
        .forEach(one -> parts.add(one.loose()));
    return parts.stream().flatMapToDouble(Arrays::stream).sorted().toArray();
  }

  /** Looseness of a tensor of every case in a class, ascending; silent ones are left out. */
  double[] byCase(PrecisionClass precision, String tensor) {
    return loose.stream()
        .filter(one -> one.precision() == precision && one.tensor().equals(tensor))
        .mapToDouble(Tightness.Entry::least)
        .filter(Double::isFinite)
        .sorted()
        .toArray();
  }
}
