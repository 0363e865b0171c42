package dev.assay.cli.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.cli.picture.CurvePicture.Curve;
import dev.assay.cli.picture.CurvePicture.Plot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Curves on logarithmic axes. */
class CurvePictureTest {
  private static String svg(List<Double> y) throws IOException {
    List<Double> x = List.of(1.0, 2.0, 4.0, 8.0);
    Plot plot = new Plot("plot", List.of(new Curve("a", false, x, y), new Curve("g", true, x, y)));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new CurvePicture("title", "note", "x", List.of("a"), List.of(plot)).writeTo(out);
    return out.toString(StandardCharsets.UTF_8);
  }

  private static int count(String text, String part) {
    return text.split(part, -1).length - 1;
  }

  @Test
  void a_curve_is_one_line_with_a_mark_at_every_point_and_a_guide_has_none() throws IOException {
    String svg = svg(List.of(1e-3, 1e-4, 1e-5, 1e-6));
    assertEquals(1, count(svg, "<path class=\"curve\""));
    assertEquals(1, count(svg, "<path class=\"guide\""));
    assertEquals(4, count(svg, "width=\"5\" height=\"5\""));
    assertTrue(svg.contains(">10⁻⁶<"), svg);
  }

  @Test
  void what_has_no_place_on_the_axis_is_a_gap() throws IOException {
    String svg = svg(List.of(1e-3, 0.0, Double.POSITIVE_INFINITY, 1e-6));
    assertEquals(0, count(svg, "<path class=\"curve\""));
    assertEquals(2, count(svg, "width=\"5\" height=\"5\""));
  }
}
