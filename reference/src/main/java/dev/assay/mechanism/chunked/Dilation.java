package dev.assay.mechanism.chunked;

import dev.assay.check.Require;
import java.util.ArrayList;
import java.util.List;

/**
 * One branch of a {@link LongNet}: within segments of {@code segment} tokens, every {@code
 * ratio}-th token, beginning with one that depends on the head.
 *
 * @param segment tokens in a segment, at least 1
 * @param ratio distance of the tokens that meet, from 1 to segment
 */
record Dilation(int segment, int ratio) {
  Dilation {
    Require.positive(segment, "a segment length");
    Require.argument(
        ratio >= 1 && ratio <= segment,
        "a segment of %d tokens came with ratio %d: ratios lie in 1..segment",
        segment,
        ratio);
  }

  /**
   * Reads two lists of numbers with commas between them.
   *
   * @throws IllegalArgumentException with one sentence, if they are no such lists of one length
   */
  static List<Dilation> parse(String segments, String ratios) {
    List<Integer> lengths = numbers("segments", segments);
    List<Integer> steps = numbers("ratios", ratios);
    Require.argument(
        lengths.size() == steps.size(),
        "segments is '%s', ratios is '%s': both must list equally many numbers",
        segments,
        ratios);
    List<Dilation> all = new ArrayList<>();
    for (int s = 0; s < lengths.size(); s++) {
      all.add(new Dilation(lengths.get(s), steps.get(s)));
    }
    return all;
  }

  private static List<Integer> numbers(String setting, String text) {
    List<Integer> numbers = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      Require.argument(
          part.strip().matches("[1-9][0-9]{0,8}"),
          "%s is '%s': positive whole numbers with commas between them are needed",
          setting,
          text);
      numbers.add(Integer.valueOf(part.strip()));
    }
    return numbers;
  }

  /** The same for a sequence of n tokens: no segment is longer than that. */
  Dilation within(int n) {
    int length = Math.clamp(segment, 1, Math.max(n, 1));
    return new Dilation(length, Math.min(ratio, length));
  }

  /** Whether token i takes part where a head begins with token {@code start} of each segment. */
  boolean takes(int i, int start) {
    return i % segment % ratio == start;
  }

  /** Whether two tokens that take part meet. */
  boolean together(int i, int j) {
    return i / segment == j / segment;
  }

  /**
   * How many places the segment of token i lacks at its end, of those that would take part: the
   * sequence is filled up to whole segments, and a segment to a multiple of the ratio.
   */
  int missing(int i, int start, int n) {
    int first = i / segment * segment;
    int filled = Math.ceilDiv(segment, ratio);
    int present = 0;
    for (int j = first; j < Math.min(first + segment, n); j++) {
      present += takes(j, start) ? 1 : 0;
    }
    return filled - present;
  }
}
