package dev.assay.gradcheck.suite;

import dev.assay.file.FormatException;
import dev.assay.file.InputFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The file {@code SHA256SUMS}: a line for every other file of a folder, in the form that {@code
 * sha256sum --check} reads.
 */
public final class Checksums {
  /** Name of the file. */
  public static final String FILE = "SHA256SUMS";

  /** A case has some kilobytes; no file of a suite comes near. */
  private static final int LARGEST_FILE = 256 << 20;

  /** A path that stays in the folder: names with single slashes between, none of them dots. */
  private static final Pattern LINE =
      Pattern.compile(
          "[0-9a-f]{64} {2}(?!\\.{1,2}(?:/|$))[^/\\\\\\p{Cntrl} ][^/\\\\\\p{Cntrl}]*"
              + "(?:/(?!\\.{1,2}(?:/|$))[^/\\\\\\p{Cntrl}]+)*");

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
    byte[] text = InputFile.bytes(list, LARGEST_FILE);
    List<String> lines = new String(text, StandardCharsets.UTF_8).lines().toList();
    for (int number = 1; number <= lines.size(); number++) {
      String line = lines.get(number - 1);
      if (!LINE.matcher(line).matches() || sums.containsKey(line.substring(66))) {
        throw new FormatException(
            list.toString(),
            "line " + number,
            "must be 64 digits, two spaces and a new path that stays in the folder");
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
    String expected = sums.get(path);
    if (expected == null) {
      // A path that is not listed may be none at all.
      throw new FormatException(folder + "/" + path, "file", "is not listed in " + FILE);
    }
    Path file = folder.resolve(path);
    byte[] bytes = InputFile.bytes(file, LARGEST_FILE);
    if (!file.toRealPath().startsWith(folder.toRealPath())) {
      throw new FormatException(
          file.toString(), "file", "is a link that leads out of the suite: put the file there");
    }
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
