package dev.assay.gradcheck.suite;

import dev.assay.file.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The file {@code SHA256SUMS}: a line for every other file of a folder, in the form that {@code
 * sha256sum --check} reads.
 */
public final class Checksums {
  /** Name of the file. */
  public static final String FILE = "SHA256SUMS";

  private Checksums() {}

  /** SHA-256 in lower-case hexadecimal. */
  public static String of(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }

  /** The text of the file for what lies in the folder now. */
  public static String list(Path folder) throws IOException {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, Path> file : files(folder).entrySet()) {
      text.append(of(Files.readAllBytes(file.getValue())));
      text.append("  ").append(file.getKey()).append('\n');
    }
    return text.toString();
  }

  /** All files below a folder but the list itself, by their path with slashes, sorted. */
  public static SequencedMap<String, Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> !file.equals(folder.resolve(FILE)))
          .collect(
              Collectors.toMap(
                  file -> folder.relativize(file).toString().replace('\\', '/'),
                  file -> file,
                  (one, _) -> one,
                  TreeMap::new));
    }
  }

  /**
   * Reads the list of a folder.
   *
   * @return digest by path
   * @throws FormatException if it is absent or a line is not of the form
   */
  public static Map<String, String> read(Path folder) throws IOException {
    Path list = folder.resolve(FILE);
    if (!Files.isRegularFile(list)) {
      throw new FormatException(list.toString(), "file", "is missing: this is no suite");
    }
    Map<String, String> sums = new TreeMap<>();
    List<String> lines = Files.readAllLines(list);
    for (int number = 1; number <= lines.size(); number++) {
      String line = lines.get(number - 1);
      if (!line.matches("[0-9a-f]{64} {2}[^ ].*") || sums.containsKey(line.substring(66))) {
        throw new FormatException(
            list.toString(), "line " + number, "must be 64 digits, two spaces and a new path");
      }
      sums.put(line.substring(66), line.substring(0, 64));
    }
    return sums;
  }

  /**
   * The bytes of one file, after they were checked against the list.
   *
   * @throws FormatException if it is not in the list or its bytes are others
   */
  public static byte[] checked(Path folder, String path, Map<String, String> sums)
      throws IOException {
    Path file = folder.resolve(path);
    String expected = sums.get(path);
    if (expected == null) {
      throw new FormatException(file.toString(), "file", "is not listed in " + FILE);
    }
    byte[] bytes = Files.readAllBytes(file);
    String found = of(bytes);
    if (!found.equals(expected)) {
      throw new FormatException(
          file.toString(),
          "file",
          "has the SHA-256 " + found + ", not " + expected + " as listed: it was changed");
    }
    return bytes;
  }

  /**
   * Checks every file of a folder.
   *
   * @throws FormatException that names the first file which is changed, missing or not listed
   */
  public static void check(Path folder) throws IOException {
    Map<String, String> sums = read(folder);
    for (String path : sums.keySet()) {
      checked(folder, path, sums);
    }
    for (String path : files(folder).keySet()) {
      checked(folder, path, sums);
    }
  }
}
