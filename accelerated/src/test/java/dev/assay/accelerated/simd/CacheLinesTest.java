package dev.assay.accelerated.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CacheLinesTest {
  private static final int ARRAYS = 256;

  @Test
  void an_array_of_nothing_has_no_lines() {
    assertEquals(0, CacheLines.lead(new float[0]));
  }

  @Test
  void leads_differ_as_arrays_do_and_stay_within_a_line() {
    List<float[]> arrays = new ArrayList<>();
    Set<Integer> leads = new HashSet<>();
    for (int a = 0; a < ARRAYS; a++) {
      float[] array = new float[CacheLines.FLOATS + 2];
      arrays.add(array);
      int lead = CacheLines.lead(array);
      assertTrue(lead >= 0 && lead < CacheLines.FLOATS, () -> "a lead of " + lead);
      leads.add(lead);
    }
    assertEquals(ARRAYS, arrays.size());
    assertTrue(leads.size() > 1, () -> "all arrays have the same lead, " + leads);
  }
}
