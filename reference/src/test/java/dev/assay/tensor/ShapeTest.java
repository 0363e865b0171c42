package dev.assay.tensor;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ShapeTest {
  @Test
  void an_extent_of_1_stands_for_any_other() {
    Shape shape = Shape.of(1, 3, 7);
    assertTrue(shape.broadcastsOver(2, 3));
    assertTrue(shape.broadcastsOver(1, 3, 7));
    assertTrue(shape.broadcastsOver());
  }

  @Test
  void another_extent_stands_for_itself_alone_and_a_missing_one_for_none() {
    Shape shape = Shape.of(1, 3, 7);
    assertFalse(shape.broadcastsOver(2, 6));
    assertFalse(shape.broadcastsOver(1, 1));
    assertFalse(shape.broadcastsOver(1, 3, 7, 1));
  }
}
