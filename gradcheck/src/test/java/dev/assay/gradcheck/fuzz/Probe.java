package dev.assay.gradcheck.fuzz;

import com.sun.management.ThreadMXBean;
import dev.assay.file.FormatException;
import java.lang.management.ManagementFactory;

/**
 * Holds a reader to what every reader promises of any bytes: it reads them, or refuses them with
 * one printable sentence that names the source; it takes memory and time in proportion.
 */
public final class Probe {
  /** Memory that any document may take, for buffers, tables and messages. */
  static final long FREE_BYTES = 64L << 20;

  /** Memory for each byte of a document; a number of two characters becomes an object. */
  static final int BYTES_PER_BYTE = 16;

  /** Processor time of one document; a document here has some kilobytes. */
  static final long MOST_NANOS = 5_000_000_000L;

  private static final int LONGEST_SENTENCE = 2_000;

  private static final ThreadMXBean COUNTER = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Probe() {}

  /**
   * Whether the reader takes the bytes.
   *
   * @throws AssertionError if it breaks a promise
   */
  public static boolean accepts(FuzzReader reader, byte[] bytes) {
    long memory = COUNTER.getCurrentThreadAllocatedBytes();
    long begin = System.nanoTime();
    boolean taken = taken(reader, bytes);
    boolean slow = System.nanoTime() - begin > MOST_NANOS;
    long used = COUNTER.getCurrentThreadAllocatedBytes() - memory;
    if (used > FREE_BYTES + (long) BYTES_PER_BYTE * bytes.length) {
      throw new AssertionError(
          "%s took %d bytes of memory for %d bytes".formatted(reader.name(), used, bytes.length));
    }
    if (slow) {
      checkTime(reader, bytes);
    }
    return taken;
  }

  /**
   * Reads once more by the clock of the processor, which takes longer to ask than many a document:
   * the machine may only have been busy.
   */
  private static void checkTime(FuzzReader reader, byte[] bytes) {
    long begin = COUNTER.getCurrentThreadCpuTime();
    var _ = taken(reader, bytes);
    long spent = COUNTER.getCurrentThreadCpuTime() - begin;
    if (spent > MOST_NANOS) {
      throw new AssertionError(
          "%s took %.1f s for %d bytes".formatted(reader.name(), spent * 1e-9, bytes.length));
    }
  }

  private static boolean taken(FuzzReader reader, byte[] bytes) {
    try {
      reader.read().read(bytes);
      return true;
    } catch (FormatException refused) {
      String sentence = String.valueOf(refused.getMessage());
      boolean clear =
          sentence.length() <= LONGEST_SENTENCE
              && sentence.contains(reader.source())
              && sentence.codePoints().noneMatch(Character::isISOControl);
      if (!clear) {
        throw new AssertionError(reader.name() + " refuses without a clear sentence: " + sentence);
      }
      return false;
    } catch (Throwable other) {
      throw new AssertionError(reader.name() + " threw " + other, other);
    }
  }
}
