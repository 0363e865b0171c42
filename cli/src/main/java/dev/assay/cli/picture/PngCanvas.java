package dev.assay.cli.picture;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import javax.imageio.ImageIO;

/** A PNG on white, with two pixels a point. */
final class PngCanvas implements Canvas {
  private static final int PIXELS_A_POINT = 2;
  private static final Color INK = new Color(0x1F2328);
  private static final Color FAINT = new Color(0x59636E);
  private static final Color FRAME = new Color(0xAFB8C1);

  private final BufferedImage image;
  private final Graphics2D pen;

  PngCanvas(double width, double height) {
    int columns = (int) Math.ceil(width * PIXELS_A_POINT);
    int rows = (int) Math.ceil(height * PIXELS_A_POINT);
    this.image = new BufferedImage(columns, rows, BufferedImage.TYPE_INT_RGB);
    this.pen = image.createGraphics();
    pen.setColor(Color.WHITE);
    pen.fillRect(0, 0, columns, rows);
    pen.scale(PIXELS_A_POINT, PIXELS_A_POINT);
    pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    pen.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    pen.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    pen.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
    pen.setStroke(new java.awt.BasicStroke(0.75f));
  }

  @Override
  public void text(double x, double y, String text, Style style, Anchor anchor) {
    Font font = new Font(Font.SANS_SERIF, style.strong ? Font.BOLD : Font.PLAIN, 1);
    pen.setFont(font.deriveFont((float) style.size));
    pen.setColor(style == Style.TITLE || style == Style.LABEL ? INK : FAINT);
    FontMetrics metrics = pen.getFontMetrics();
    double width = metrics.getStringBounds(text, pen).getWidth();
    double shift =
        switch (anchor) {
          case START -> 0;
          case MIDDLE -> width / 2;
          case END -> width;
        };
    pen.drawString(text, (float) (x - shift), (float) y);
  }

  @Override
  public void upwards(double x, double y, String text, Style style, Anchor anchor) {
    AffineTransform upright = pen.getTransform();
    pen.rotate(-Math.PI / 2, x, y);
    text(x, y, text, style, anchor);
    pen.setTransform(upright);
  }

  @Override
  public void swatch(double x, double y, double width, double height, int rgb) {
    pen.setColor(new Color(rgb));
    pen.fill(new Rectangle2D.Double(x, y, width, height));
  }

  @Override
  public void panel(double x, double y, double width, double height) {
    pen.setColor(FRAME);
    pen.draw(new Rectangle2D.Double(x - 0.5, y - 0.5, width + 1, height + 1));
  }

  @Override
  public void line(double x1, double y1, double x2, double y2) {
    pen.setColor(FRAME);
    pen.draw(new Line2D.Double(x1, y1, x2, y2));
  }

  @Override
  public void image(double x, double y, double width, double height, Pixels pixels) {
    AffineTransform place = AffineTransform.getTranslateInstance(x, y);
    place.scale(width / pixels.width(), height / pixels.height());
    pen.drawImage(pixels.image(), place, null);
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    ImageIO.setUseCache(false);
    if (!ImageIO.write(image, "png", out)) {
      throw new IOException("this Java writes no PNG: name an .svg file instead");
    }
  }
}
