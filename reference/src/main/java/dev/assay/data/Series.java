package dev.assay.data;

import dev.assay.check.Require;
import dev.assay.file.FormatException;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;

/**
 * A series of several channels at equal distances in time.
 *
 * @param channels their names
 * @param values [moments, channels]
 */
public record Series(List<String> channels, Tensor values) {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

  /**
   * Reads a table with a header, {@code date} and the channels: the form of ETTh1, "ETDataset" of
   * Zhou et al., "Informer" (2021).
   *
   * @throws FormatException if a number is none, or a date does not follow the one before at the
   *     distance of the first two
   */
  public static Series read(Path file) throws IOException {
    List<String> lines = DataFile.lines(file);
    String header = lines.isEmpty() ? "" : lines.getFirst();
    if (!header.startsWith("date,") || lines.size() < 2) {
      throw DataFile.fault(file, "header", "does not begin with date and channels, or has no rows");
    }
    List<String> names = Arrays.asList(header.split(",", -1));
    List<String> channels = names.subList(1, names.size());
    LocalDateTime[] times = new LocalDateTime[lines.size() - 1];
    // Row by row: a header of many channels over many short lines would ask for all of the memory.
    double[][] rows = new double[times.length][];
    for (int row = 0; row < times.length; row++) {
      String field = "line " + (row + 2);
      String[] fields = DataFile.fields(file, row + 2, lines.get(row + 1), ",", names.size());
      times[row] = time(file, field, fields[0]);
      if (row > 1
          && !times[row].equals(times[row - 1].plus(Duration.between(times[0], times[1])))) {
        throw DataFile.fault(file, field, "breaks the series: its date does not follow");
      }
      rows[row] = new double[channels.size()];
      for (int c = 0; c < channels.size(); c++) {
        String where = field + ", " + channels.get(c);
        rows[row][c] = DataFile.number(file, where, fields[c + 1]);
      }
    }
    double[] values = Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    return new Series(
        List.copyOf(channels), Tensor.adopt(Shape.of(times.length, channels.size()), values));
  }

  private static LocalDateTime time(Path file, String field, String text) throws FormatException {
    try {
      return LocalDateTime.parse(text, TIME);
    } catch (DateTimeParseException broken) {
      throw new FormatException(
          file.toString(), field, "has the date '" + text + "': yyyy-mm-dd hh:mm:ss", broken);
    }
  }

  /** How many moments there are. */
  public int moments() {
    return values.shape().extent(0);
  }

  /** One channel alone. */
  public Series channel(String name) {
    int c = channels.indexOf(name);
    Require.argument(c >= 0, "there is no channel %s: %s", name, channels);
    int width = channels.size();
    return new Series(
        List.of(name), Tensor.generate(Shape.of(moments(), 1), t -> values.get(t * width + c)));
  }

  /**
   * Each channel less its mean over some moments, divided by its deviation there (of the
   * population); a channel that never moves is only shifted.
   */
  public Series scaled(int from, int to) {
    int width = channels.size();
    double[] means = new double[width];
    double[] deviations = new double[width];
    for (int c = 0; c < width; c++) {
      for (int t = from; t < to; t++) {
        means[c] += values.get(t * width + c) / (to - from);
      }
      for (int t = from; t < to; t++) {
        double gap = values.get(t * width + c) - means[c];
        deviations[c] += gap * gap / (to - from);
      }
      deviations[c] = deviations[c] == 0 ? 1 : Math.sqrt(deviations[c]);
    }
    return new Series(
        channels,
        Tensor.generate(
            values.shape(), p -> (values.get(p) - means[p % width]) / deviations[p % width]));
  }

  /**
   * Stretches of equal length.
   *
   * @param starts first moment of each
   * @return [starts, length, channels]
   */
  public Tensor windows(int[] starts, int length) {
    int width = channels.size();
    for (int start : starts) {
      Require.argument(
          start >= 0 && start + length <= moments(),
          "a window of %d from %d leaves the series of %d",
          length,
          start,
          moments());
    }
    return Tensor.generate(
        Shape.of(starts.length, length, width),
        p -> values.get(starts[p / (length * width)] * width + p % (length * width)));
  }
}
