package dev.assay.cli.picture;

import java.awt.image.BufferedImage;

/**
 * A small image, row by row from the top.
 *
 * @param width pixels a row
 * @param height rows
 * @param argb colours with opacity, not premultiplied
 */
record Pixels(int width, int height, int[] argb) {
  BufferedImage image() {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, width, height, argb, 0, width);
    return image;
  }
}
