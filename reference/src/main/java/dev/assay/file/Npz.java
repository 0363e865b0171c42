package dev.assay.file;

import dev.assay.file.TensorFile.Entry;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Numpy's archive of arrays: a zip file, stored or deflated, whose entries {@code name.npy} are
 * arrays in the {@linkplain Npy npy format}. Read only.
 */
public final class Npz {
  private static final int MOST_ARRAYS = 4096;

  /** Deflate cannot shrink by more; an entry that claims to has a forged length. */
  private static final long LARGEST_RATIO = 1032;

  private Npz() {}

  /**
   * Reads the names, types and shapes; the values follow when they are asked for, and are then
   * checked against the archive's checksums.
   *
   * @throws FormatException if the archive or an array in it is broken
   */
  public static TensorFile read(Path file) throws IOException {
    long length = InputFile.length(file);
    Place archive = new Place(file.toString(), "archive");
    SequencedMap<String, Entry> arrays = new LinkedHashMap<>();
    try (ZipFile zip = open(file, archive)) {
      if (zip.size() > MOST_ARRAYS) {
        throw archive.fault("has " + zip.size() + " entries: at most " + MOST_ARRAYS + " are read");
      }
      Enumeration<? extends ZipEntry> entries = zip.entries();
      while (entries.hasMoreElements()) {
        ZipEntry entry = entries.nextElement();
        Place place = archive.at("array " + entry.getName());
        String name = name(entry, place);
        checkLengths(entry, length, place);
        NpyHeader header = header(zip, entry, place);
        Entry array =
            new Entry(header.dtype(), header.shape(), () -> load(file, entry.getName(), place));
        if (arrays.putIfAbsent(name, array) != null) {
          throw place.fault("comes twice");
        }
      }
    }
    return new TensorFile(file.toString(), arrays, new LinkedHashMap<>());
  }

  private static ZipFile open(Path file, Place archive) throws IOException {
    try {
      return new ZipFile(file.toFile());
    } catch (IOException | IllegalArgumentException broken) {
      throw new FormatException(
          archive.source(), archive.field(), "is no zip file: " + broken.getMessage(), broken);
    }
  }

  private static String name(ZipEntry entry, Place place) throws FormatException {
    if (!entry.getName().endsWith(".npy")) {
      throw place.fault("its name does not end with .npy: an npz file holds arrays only");
    }
    return entry.getName().substring(0, entry.getName().length() - ".npy".length());
  }

  private static void checkLengths(ZipEntry entry, long fileLength, Place place)
      throws FormatException {
    long packed = entry.getCompressedSize();
    if (packed < 0 || packed > fileLength || entry.getSize() < 0) {
      throw place.fault("its lengths in the archive are not those of this file");
    }
    if (entry.getSize() > (packed + 1) * LARGEST_RATIO) {
      throw place.fault(
          "%d bytes cannot come out of %d: its length is forged"
              .formatted(entry.getSize(), packed));
    }
  }

  private static NpyHeader header(ZipFile zip, ZipEntry entry, Place place) throws IOException {
    try (InputStream in = zip.getInputStream(entry)) {
      return NpyHeader.read(in, entry.getSize(), place);
    } catch (FormatException broken) {
      throw broken;
    } catch (IOException broken) {
      throw damaged(place, broken);
    }
  }

  private static Tensor load(Path file, String name, Place place) throws IOException {
    Place archive = place.at("archive");
    try (ZipFile zip = open(file, archive)) {
      ZipEntry entry = zip.getEntry(name);
      if (entry == null) {
        throw place.fault("is gone: the file was changed while it was read");
      }
      CRC32 sum = new CRC32();
      try (InputStream in = new CheckedInputStream(zip.getInputStream(entry), sum)) {
        Tensor array = NpyHeader.read(in, entry.getSize(), place).values(in, place);
        if (in.read() >= 0 || sum.getValue() != entry.getCrc()) {
          throw place.fault("its checksum is wrong: the data is damaged");
        }
        return array;
      }
    } catch (FormatException broken) {
      throw broken;
    } catch (IOException broken) {
      throw damaged(place, broken);
    }
  }

  private static FormatException damaged(Place place, IOException broken) {
    return new FormatException(
        place.source(), place.field(), "cannot be unpacked: " + broken.getMessage(), broken);
  }
}
