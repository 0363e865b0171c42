package dev.assay.cli.docs;

import dev.assay.cli.picture.CurvePicture;
import dev.assay.cli.picture.CurvePicture.Plot;
import dev.assay.gradcheck.precision.Curve;
import dev.assay.gradcheck.precision.Machine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Curves of a study of precision as a picture: a plot for each result. */
public final class PrecisionPlots {
  private PrecisionPlots() {}

  /**
   * The picture as SVG. Dashed: what is left of the first machine's results if true values are only
   * stored.
   *
   * @param title what is shown
   * @param subject what stayed the same
   * @param machines in the order of their colours
   * @param curves of all machines and results
   */
  public static String of(String title, String subject, List<Machine> machines, List<Curve> curves)
      throws IOException {
    Map<String, List<CurvePicture.Curve>> plots = new LinkedHashMap<>();
    Map<String, Curve> first = new LinkedHashMap<>();
    for (Curve curve : curves) {
      first.putIfAbsent(curve.tensor(), curve);
      plots
          .computeIfAbsent(curve.tensor(), _ -> new ArrayList<>())
          .add(drawn(MachineNames.of(curve.machine(), machines), curve));
    }
    plots.forEach((tensor, drawn) -> drawn.add(stored(Objects.requireNonNull(first.get(tensor)))));
    String note = "relative rms error; " + subject + "; dashed: true values, stored once";
    CurvePicture picture =
        new CurvePicture(
            title,
            note,
            curves.getFirst().against().title(),
            machines.stream().map(machine -> MachineNames.of(machine, machines)).toList(),
            plots.entrySet().stream().map(e -> new Plot(e.getKey(), e.getValue())).toList());
    ByteArrayOutputStream svg = new ByteArrayOutputStream();
    picture.writeTo(svg);
    return svg.toString(StandardCharsets.UTF_8);
  }

  private static CurvePicture.Curve drawn(String name, Curve curve) {
    return new CurvePicture.Curve(
        name,
        false,
        curve.points().stream().map(Curve.Point::x).toList(),
        curve.points().stream().map(point -> point.errors().rms()).toList());
  }

  private static CurvePicture.Curve stored(Curve curve) {
    return new CurvePicture.Curve(
        "stored once",
        true,
        curve.points().stream().map(Curve.Point::x).toList(),
        curve.points().stream().map(point -> point.errors().stored()).toList());
  }
}
