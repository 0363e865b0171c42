package dev.assay.gradcheck.mutant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The faults of the fast kernels still have their places; the command line runs some of them. */
class PlantedCatalogTest {
  private static final Path ROOT = Path.of("..");

  @ParameterizedTest
  @EnumSource
  void the_text_of_every_fault_occurs_once_in_its_file(FastKernels kernels) throws IOException {
    for (Planted fault : kernels.faults()) {
      String text = Files.readString(FastKernels.source(ROOT, fault));
      int at = text.indexOf(fault.old());
      assertTrue(at >= 0, fault + " does not apply any more");
      assertEquals(-1, text.indexOf(fault.old(), at + 1), fault + " applies twice");
    }
  }

  @ParameterizedTest
  @EnumSource
  void there_are_enough_and_each_is_a_fault_of_the_catalogue(FastKernels kernels) {
    Set<String> ids = new HashSet<>();
    List<String> known = MutantCatalog.all().stream().map(Mutant::id).toList();
    for (Planted fault : kernels.faults()) {
      assertTrue(ids.add(fault.id()), fault.id() + " is planted twice");
      assertTrue(known.contains(fault.id()), fault.id());
    }
    assertTrue(ids.size() >= PlantedRun.LEAST, ids.size() + " faults");
  }
}
