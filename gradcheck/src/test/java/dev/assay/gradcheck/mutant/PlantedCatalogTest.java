package dev.assay.gradcheck.mutant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The faults of the fast kernels still have their places; the command line runs some of them. */
class PlantedCatalogTest {
  private static final Path SOURCES = Path.of("../accelerated/src/main/java/dev/assay/accelerated");

  @Test
  void the_text_of_every_fault_occurs_once_in_its_file() throws IOException {
    for (Planted fault : PlantedCatalog.all()) {
      String text = Files.readString(SOURCES.resolve(fault.file() + ".java"));
      int at = text.indexOf(fault.old());
      assertTrue(at >= 0, fault + " does not apply any more");
      assertEquals(-1, text.indexOf(fault.old(), at + 1), fault + " applies twice");
    }
  }

  @Test
  void there_are_enough_and_each_is_a_fault_of_the_catalogue() {
    Set<String> ids = new HashSet<>();
    List<String> known = MutantCatalog.all().stream().map(Mutant::id).toList();
    for (Planted fault : PlantedCatalog.all()) {
      assertTrue(ids.add(fault.id()), fault.id() + " is planted twice");
      assertTrue(known.contains(fault.id()), fault.id());
    }
    assertTrue(ids.size() >= PlantedRun.LEAST, ids.size() + " faults");
  }
}
