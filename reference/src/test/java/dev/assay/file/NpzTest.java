package dev.assay.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpzTest {
  private static final byte[] SIX = NumpyFiles.doubles(0, 1, 2, 3, 4, 5);

  @TempDir private Path folder = Path.of("");

  private TensorFile read(String name, byte[] array) throws IOException {
    return Npz.read(Files.write(folder.resolve("x.npz"), NumpyFiles.npz(Map.of(name, array))));
  }

  private void refused(String word, String name, byte[] array) {
    FormatException fault =
        assertThrows(FormatException.class, () -> read(name, array).tensor("q"), word);
    String sentence = String.valueOf(fault.getMessage());
    assertTrue(sentence.contains("x.npz") && sentence.contains(word), sentence);
    assertEquals(1, sentence.lines().count(), sentence);
  }

  @Test
  void rows_come_in_c_order() throws IOException {
    TensorFile file = read("q.npy", NumpyFiles.npy("<f8", false, "(2, 3)", SIX));
    assertEquals(Shape.of(2, 3), file.shape("q"));
    assertArrayEquals(new double[] {0, 1, 2, 3, 4, 5}, file.tensor("q").toDoubles());
  }

  @Test
  void fortran_order_is_turned() throws IOException {
    TensorFile file = read("q.npy", NumpyFiles.npy("<f8", true, "(2, 3)", SIX));
    assertArrayEquals(new double[] {0, 2, 4, 1, 3, 5}, file.tensor("q").toDoubles());
  }

  @Test
  void scalars_and_empty_arrays_are_read() throws IOException {
    assertEquals(
        Shape.of(),
        read("q.npy", NumpyFiles.npy("<f8", false, "()", NumpyFiles.doubles(7))).shape("q"));
    assertEquals(
        Shape.of(0), read("q.npy", NumpyFiles.npy("<f4", false, "(0,)", new byte[0])).shape("q"));
  }

  @Test
  void booleans_and_bytes_are_numbers() throws IOException {
    TensorFile file = read("q.npy", NumpyFiles.npy("|b1", false, "(3,)", new byte[] {1, 0, 1}));
    assertEquals(DType.BOOL, file.dtype("q"));
    assertArrayEquals(new double[] {1, 0, 1}, file.tensor("q").toDoubles());
  }

  @Test
  void a_shape_that_does_not_fit_the_data_is_refused() {
    refused("takes 56 bytes", "q.npy", NumpyFiles.npy("<f8", false, "(7,)", SIX));
    refused("below 2^31", "q.npy", NumpyFiles.npy("<f8", false, "(-1,)", SIX));
    refused("2^31", "q.npy", NumpyFiles.npy("<f8", false, "(99999999999,)", SIX));
  }

  @Test
  void big_endian_objects_and_nonsense_are_refused() {
    refused("q", "q.npy", NumpyFiles.npy(">f8", false, "(6,)", SIX));
    refused("q", "q.npy", NumpyFiles.npy("|O", false, "(6,)", SIX));
    refused("magic", "q.npy", new byte[] {1, 2, 3});
    refused(".npy", "q.txt", SIX);
  }

  @Test
  void damaged_data_is_found_by_its_checksum() throws IOException {
    Path file = folder.resolve("x.npz");
    Files.write(file, NumpyFiles.npz(Map.of("q.npy", NumpyFiles.npy("<f8", false, "(6,)", SIX))));
    byte[] bytes = Files.readAllBytes(file);
    int faults = 0;
    for (int at = 40; at < 120; at++) {
      byte[] damaged = bytes.clone();
      damaged[at] ^= 0x10;
      Files.write(file, damaged);
      try {
        Npz.read(file).tensor("q");
      } catch (FormatException found) {
        faults++;
      }
    }
    assertTrue(faults >= 70, faults + " of 80 damaged bytes of the entry were found");
  }

  @Test
  void what_is_no_archive_is_refused() throws IOException {
    Path text = Files.writeString(folder.resolve("x.npz"), "not a zip file");
    assertThrows(FormatException.class, () -> Npz.read(text));
    assertThrows(FormatException.class, () -> Npz.read(folder));
  }

  @Test
  void a_forged_length_is_refused_before_memory_is_taken() throws IOException {
    byte[] zip = NumpyFiles.npz(Map.of("q.npy", NumpyFiles.npy("<f8", false, "(6,)", SIX)));
    int directory = zip.length - 22 - 46 - "q.npy".length();
    // The uncompressed length in the central directory, four bytes at offset 24.
    zip[directory + 24 + 3] = 0x7F;
    Path file = Files.write(folder.resolve("x.npz"), zip);
    FormatException fault = assertThrows(FormatException.class, () -> Npz.read(file).tensor("q"));
    assertTrue(String.valueOf(fault.getMessage()).contains("q.npy"), fault.getMessage());
  }
}
