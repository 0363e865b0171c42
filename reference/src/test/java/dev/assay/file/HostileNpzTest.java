package dev.assay.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rarer ways in which numpy's files can lie; the common ones are in {@link NpzTest}. */
class HostileNpzTest {
  @TempDir private Path folder = Path.of("");

  /** An array of version 1.0 with the given header and as many zero bytes of data. */
  private static byte[] npy(String header, int data) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    out.write(header.length() & 0xFF);
    out.write(header.length() >>> 8);
    out.writeBytes(header.getBytes(StandardCharsets.ISO_8859_1));
    out.writeBytes(new byte[data]);
    return out.toByteArray();
  }

  private Path npz(String entry, byte[] content) throws IOException {
    Path file = folder.resolve("x.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry(entry));
      zip.write(content);
    }
    return file;
  }

  private static void refused(Path file, String words) {
    FormatException refused =
        assertThrows(FormatException.class, () -> TensorFile.read(file).tensors());
    String sentence = String.valueOf(refused.getMessage());
    assertTrue(sentence.startsWith(file + ": "), sentence);
    assertTrue(sentence.contains(words), sentence);
    assertEquals(1, sentence.lines().count(), sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      textBlock =
          """
          {'descr': '<c16', 'fortran_order': False, 'shape': (1,)}                      # 16 # descr '<c16'
          {'descr': [('a','<f8')], 'fortran_order': False, 'shape': (1,)}               # 8 # a quoted text must follow
          {'descr': '<f8', 'fortran_order': 0, 'shape': (1,)}                           # 8 # must be True or False
          {'descr': '<f8', 'fortran_order': False, 'shape': (0,)}                       # 8 # takes 0 bytes, but 8 follow
          {'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,)}    # 8 # tuple of whole numbers
          {'descr': '<f8', 'fortran_order': False, 'shape': (65536, 65536)}             # 8 # more than 2^31 - 1 elements
          {'descr': '<f8', 'fortran_order': False, 'shape': 1}                          # 8 # '(' must follow
          {'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'x': 1}               # 8 # unknown key 'x'
          {'descr': '<f8', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}       # 8 # 'descr' twice
          {'descr': '<f8', 'shape': (1,)}                                               # 8 # lacks one of
          {'descr': '<f8', 'fortran_order': False, 'shape': (1,)} import os             # 8 # more text
          {'descr': '<f8                                                                # 8 # a quoted text must follow
          {                                                                             # 8 # a quoted text must follow
          """)
  void a_broken_header_is_refused(String header, int data, String words) throws IOException {
    refused(npz("q.npy", npy(header, data)), words);
    refused(Files.write(folder.resolve("q.npy"), npy(header, data)), words);
  }

  @Test
  void a_version_from_the_future_is_refused() throws IOException {
    byte[] array = npy("{}", 0);
    array[6] = 4;
    refused(npz("q.npy", array), "npy version 4.0");
  }

  @Test
  void a_header_of_four_gigabytes_is_refused() throws IOException {
    byte[] array = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 2, 0, -1, -1, -1, -1, '{', '}'};
    refused(npz("q.npy", array), "given as 4294967295 bytes");
  }

  @Test
  void what_is_no_array_is_refused() throws IOException {
    refused(npz("q.npy", new byte[0]), "numpy's magic");
    refused(npz("q.txt", new byte[3]), "does not end with .npy");
    refused(Files.writeString(folder.resolve("y.npz"), "PK, but no zip file"), "is no zip file");
    refused(Files.createFile(folder.resolve("e.npz")), "is no zip file");
    refused(Files.createDirectory(folder.resolve("d.npz")), "is a directory");
  }

  @Test
  void an_array_that_comes_twice_is_refused() throws IOException {
    byte[] array = npy("{'descr': '|u1', 'fortran_order': False, 'shape': (0,)}", 0);
    Path file = folder.resolve("x.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (String name : new String[] {"aa.npy", "bb.npy"}) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(array);
      }
    }
    String bytes = Files.readString(file, StandardCharsets.ISO_8859_1).replace("bb.npy", "aa.npy");
    refused(Files.writeString(file, bytes, StandardCharsets.ISO_8859_1), "comes twice");
  }

  @Test
  void too_many_arrays_are_refused() throws IOException {
    Path file = folder.resolve("x.npz");
    byte[] array = npy("{'descr': '|u1', 'fortran_order': False, 'shape': (0,)}", 0);
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (int name = 0; name < 4097; name++) {
        zip.putNextEntry(new ZipEntry(name + ".npy"));
        zip.write(array);
      }
    }
    refused(file, "at most 4096 are read");
  }
}
