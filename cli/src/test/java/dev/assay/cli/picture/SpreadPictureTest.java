package dev.assay.cli.picture;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.cli.picture.SpreadPicture.Row;
import dev.assay.train.TrainingRecord.Spread;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whiskers of means; the axis from 0 to 1 is 420 points long. */
class SpreadPictureTest {
  private static String svg(double mean, double deviation) throws IOException {
    Row row = new Row("r", Map.of("a", new Spread(mean, deviation)));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new SpreadPicture("title", "note", List.of("a"), List.of(row)).writeTo(out);
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void a_whisker_reaches_one_deviation_to_either_side() throws IOException {
    String svg = svg(0.5, 0.1);
    assertTrue(svg.contains("width=\"84\" height=\"1.5\""), svg);
  }

  @Test
  void a_whisker_ends_where_the_axis_does() throws IOException {
    String svg = svg(0.9, 0.5);
    assertTrue(svg.contains("width=\"252\" height=\"1.5\""), svg);
  }

  @Test
  void one_run_alone_has_no_whisker() throws IOException {
    String svg = svg(0.5, 0);
    assertTrue(svg.contains("width=\"0\" height=\"1.5\""), svg);
  }
}
