package dev.assay.gradcheck.golden;

import dev.assay.gradcheck.certified.Flag;
import dev.assay.gradcheck.suite.ProofDocument;
import dev.assay.gradcheck.suite.ProofDocument.Unproven;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;

/** What {@code proof.json} says of a suite. */
final class ProofFile {
  static final String NAME = "proof.json";

  private ProofFile() {}

  /** The document of these cases, in their order. */
  static ProofDocument document(List<Proven> cases) {
    ProofCounts counts = ProofCounts.of(cases);
    SequencedMap<String, SequencedMap<String, Unproven>> unproven = new LinkedHashMap<>();
    for (Proven one : cases) {
      SequencedMap<String, Unproven> tensors = new LinkedHashMap<>();
      one.certificates()
          .forEach(
              (name, certificate) -> {
                if (!certificate.flagged().isEmpty()) {
                  tensors.put(name, unproven(certificate.flagged()));
                }
              });
      if (!tensors.isEmpty()) {
        unproven.put(one.golden().name(), tensors);
      }
    }
    return new ProofDocument(ProofDocument.SCHEMA, counts.results(), counts.gradients(), unproven);
  }

  private static Unproven unproven(SortedMap<Integer, Flag> flagged) {
    Collection<Flag> flags = flagged.values();
    double radius = flags.stream().mapToDouble(Flag::radius).max().orElse(0);
    List<String> reasons = flags.stream().map(flag -> flag.reason().name()).distinct().toList();
    return new Unproven(List.copyOf(flagged.keySet()), Double.toHexString(radius), reasons);
  }
}
