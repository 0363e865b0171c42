package dev.assay.cli.picture;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;

/**
 * An SVG that stands alone: all is vectors but for panels of many cells, which are embedded images
 * of one pixel a cell. Its colours follow the reader's light or dark scheme. Without such images
 * the same picture has the same bytes on every machine.
 */
final class SvgCanvas implements Canvas {
  /** More cells a side than these are shorter as an image. */
  private static final int VECTOR_CELLS = 96;

  private static final String STYLE =
      """
      <style>
      text{font-family:system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;fill:#1f2328}
      .title{font-size:17px;font-weight:600}.note{font-size:12px;fill:#59636e}
      .label{font-size:11.5px}.tick{font-size:10px;fill:#59636e}
      .middle{text-anchor:middle}.end{text-anchor:end}
      .panel{fill:#fff;stroke:#afb8c1;stroke-width:.75}
      .lines{fill:none;stroke:#afb8c1;stroke-width:.75}
      .page{fill:#fff}image{image-rendering:pixelated}.s{fill:none;stroke-width:1.02}
      .curve{fill:none;stroke-width:1.6;stroke-linejoin:round}.guide{fill:none;stroke-width:1.1;stroke-dasharray:4 3}
      @media (prefers-color-scheme:dark){
      text{fill:#e6edf3}.note,.tick{fill:#9198a1}.page{fill:#0d1117}
      .panel{fill:#262c36;stroke:#57606a}.lines{stroke:#57606a}}
      </style>
      """;

  private final StringBuilder svg = new StringBuilder();
  private final StringBuilder lines = new StringBuilder();
  private final int titlePlace;

  SvgCanvas(double width, double height) {
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%s\" height=\"%s\""
            + " viewBox=\"0 0 %s %s\" role=\"img\">%n",
        number(width), number(height), number(width), number(height));
    this.titlePlace = svg.length();
    svg.append(STYLE);
    add("<rect class=\"page\" width=\"100%%\" height=\"100%%\"/>%n");
  }

  @Override
  public void text(double x, double y, String text, Style style, Anchor anchor) {
    add(
        "<text class=\"%s\" x=\"%s\" y=\"%s\">%s</text>%n",
        classes(style, anchor), number(x), number(y), escaped(text));
    if (style == Style.TITLE) {
      // Readers look for it as the first thing in the file.
      svg.insert(titlePlace, "<title>" + escaped(text) + "</title>\n");
    }
  }

  @Override
  public void upwards(double x, double y, String text, Style style, Anchor anchor) {
    add(
        "<text class=\"%s\" transform=\"translate(%s %s)rotate(-90)\">%s</text>%n",
        classes(style, anchor), number(x), number(y), escaped(text));
  }

  @Override
  public void swatch(double x, double y, double width, double height, int rgb) {
    add(
        "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"#%06x\"/>%n",
        number(x), number(y), number(width), number(height), rgb & 0xFFFFFF);
  }

  @Override
  public void panel(double x, double y, double width, double height) {
    add(
        "<rect class=\"panel\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"/>%n",
        number(x - 0.5), number(y - 0.5), number(width + 1), number(height + 1));
  }

  @Override
  public void line(double x1, double y1, double x2, double y2) {
    // All in one path, at the end: there are many.
    lines.append('M').append(number(x1)).append(' ').append(number(y1));
    lines.append('L').append(number(x2)).append(' ').append(number(y2));
  }

  /** A line through points (x, y) in a colour of its own; a guide is thin and dashed. */
  void curve(List<double[]> points, int rgb, boolean guide) {
    StringBuilder path = new StringBuilder();
    for (double[] point : points) {
      path.append(path.isEmpty() ? 'M' : 'L').append(number(point[0]));
      path.append(' ').append(number(point[1]));
    }
    if (points.size() > 1) {
      add(
          "<path class=\"%s\" stroke=\"#%06x\" d=\"%s\"/>%n",
          guide ? "guide" : "curve", rgb & 0xFFFFFF, path);
    }
  }

  @Override
  public void image(double x, double y, double width, double height, Pixels pixels) {
    if (Math.max(pixels.width(), pixels.height()) <= VECTOR_CELLS) {
      add(
          "<g transform=\"translate(%s %s)scale(%s %s)\" shape-rendering=\"crispEdges\">%n",
          number(x), number(y), number(width / pixels.width()), number(height / pixels.height()));
      svg.append(CellPaths.of(pixels)).append("</g>\n");
      return;
    }
    add(
        "<image x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" preserveAspectRatio=\"none\""
            + " href=\"data:image/png;base64,%s\"/>%n",
        number(x), number(y), number(width), number(height), base64(pixels));
  }

  private static String base64(Pixels pixels) {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      ImageIO.setUseCache(false);
      ImageIO.write(pixels.image(), "png", png);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return Base64.getEncoder().encodeToString(png.toByteArray());
  }

  private static String classes(Style style, Anchor anchor) {
    String name = style.name().toLowerCase(Locale.ROOT);
    return anchor == Anchor.START ? name : name + " " + anchor.name().toLowerCase(Locale.ROOT);
  }

  private static String escaped(String text) {
    // XML has no way to hold these.
    String printable =
        text.replaceAll("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ufffe\\uffff]", "\ufffd");
    return printable.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static String number(double value) {
    String text = String.format(Locale.ROOT, "%.1f", value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }

  private void add(String template, Object... values) {
    svg.append(String.format(Locale.ROOT, template.replace("%n", "\n"), values));
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    String rest = "<path class=\"lines\" d=\"%s\"/>\n</svg>\n".formatted(lines);
    out.write((svg + rest).getBytes(StandardCharsets.UTF_8));
  }
}
