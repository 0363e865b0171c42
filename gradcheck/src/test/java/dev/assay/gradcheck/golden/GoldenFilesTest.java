package dev.assay.gradcheck.golden;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.file.FormatException;
import dev.assay.gradcheck.suite.Checksums;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.tensor.Philox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The golden files: no change to them is lost, and they are small. */
class GoldenFilesTest {
  private static final long SEED = 7;

  @Test
  void the_checksums_match() {
    assertDoesNotThrow(() -> Checksums.check(GoldenFolder.SOURCE));
  }

  @Test
  void one_changed_bit_anywhere_is_found(@TempDir Path temporary) throws IOException {
    Path copy = GoldenFolder.copy(temporary.resolve("v1"));
    List<Path> files = GoldenFolder.files(copy);
    for (int trial = 0; trial < 40; trial++) {
      int[] random = Philox.block(new int[] {trial, 0, 0, 0}, (int) SEED, 0);
      Path file = files.get(Integer.remainderUnsigned(random[0], files.size()));
      byte[] bytes = Files.readAllBytes(file);
      int position = Integer.remainderUnsigned(random[1], bytes.length);
      byte original = bytes[position];
      bytes[position] ^= (byte) (1 << (random[2] & 7));
      Files.write(file, bytes);
      assertThrows(
          IOException.class,
          () -> Checksums.check(copy),
          () -> "byte %d of %s (seed %d)".formatted(position, file, SEED));
      bytes[position] = original;
      Files.write(file, bytes);
    }
    Checksums.check(copy);
  }

  @Test
  void a_changed_tensor_is_found_when_the_suite_is_loaded(@TempDir Path temporary)
      throws IOException {
    Path copy = GoldenFolder.copy(temporary.resolve("v1"));
    Path tensors = copy.resolve("core/basic/dense-f32.safetensors");
    byte[] bytes = Files.readAllBytes(tensors);
    bytes[bytes.length - 1] ^= 1;
    Files.write(tensors, bytes);
    FormatException found = assertThrows(FormatException.class, () -> Suite.load(copy));
    assertTrue(found.toString().contains("dense-f32.safetensors"), found.toString());
  }

  @Test
  void a_type_that_differs_between_the_two_files_of_a_case_is_found(@TempDir Path temporary)
      throws IOException {
    Path copy = GoldenFolder.copy(temporary.resolve("v1"));
    Path json = copy.resolve("core/basic/dense-f32.json");
    Files.writeString(
        json,
        Files.readString(json)
            .replace("\"lse\": {\"dtype\": \"F64\"", "\"lse\": {\"dtype\": \"F32\""));
    Files.writeString(copy.resolve(Checksums.FILE), Checksums.list(copy));
    FormatException found = assertThrows(FormatException.class, () -> Suite.load(copy));
    assertTrue(found.toString().contains("lse.dtype"), found.toString());
  }

  @Test
  void a_field_that_nobody_knows_is_refused(@TempDir Path temporary) throws IOException {
    Path copy = GoldenFolder.copy(temporary.resolve("v1"));
    Path json = copy.resolve("core/basic/dense-f32.json");
    Files.writeString(json, Files.readString(json).replaceFirst("\\{", "{\"tolerance\": 1,"));
    Files.writeString(copy.resolve(Checksums.FILE), Checksums.list(copy));
    FormatException found = assertThrows(FormatException.class, () -> Suite.load(copy));
    assertTrue(found.toString().contains("tolerance"), found.toString());
  }

  @Test
  void a_file_that_belongs_to_no_case_is_found(@TempDir Path temporary) throws IOException {
    Path copy = GoldenFolder.copy(temporary.resolve("v1"));
    Files.writeString(copy.resolve("core/basic/stray.json"), "{}");
    assertThrows(FormatException.class, () -> Checksums.check(copy));
  }

  @Test
  void a_missing_file_is_found(@TempDir Path temporary) throws IOException {
    Path copy = GoldenFolder.copy(temporary.resolve("v1"));
    Files.delete(copy.resolve("refuse/nan-score.json"));
    assertThrows(IOException.class, () -> Checksums.check(copy));
    assertThrows(IOException.class, () -> Suite.load(copy));
  }

  @Test
  void the_suite_and_its_mechanisms_take_at_most_five_megabytes_each_and_a_case_256_kilobytes()
      throws IOException {
    long all = 0;
    long ofMechanisms = 0;
    long matrix = 0;
    long readers = 0;
    long recipes = 0;
    Path mechanisms = GoldenFolder.SOURCE.resolve("mechanisms");
    for (Path file : GoldenFolder.files(GoldenFolder.SOURCE)) {
      if (file.startsWith(mechanisms)) {
        ofMechanisms += Files.size(file);
      } else if (file.startsWith(GoldenFolder.SOURCE.resolve("readers"))) {
        readers += Files.size(file);
      } else if (file.startsWith(GoldenFolder.SOURCE.resolve("regen"))) {
        recipes += Files.size(file);
      } else if (file.endsWith("mutants/kill-matrix.json")) {
        matrix += Files.size(file);
      } else {
        all += Files.size(file);
      }
      String name = file.toString();
      if (name.endsWith(".safetensors")) {
        long both = Files.size(file) + Files.size(Path.of(name.replace(".safetensors", ".json")));
        assertTrue(both <= 256 << 10, name + " and its JSON have " + both + " bytes");
      }
    }
    assertTrue(all <= 5_000_000, "the suite has " + all + " bytes");
    assertTrue(matrix > 0 && matrix <= 128 << 10, "the kill matrix has " + matrix + " bytes");
    assertTrue(recipes > 0 && recipes <= 192 << 10, "the recipes have " + recipes + " bytes");
    assertTrue(readers > 0 && readers <= 96 << 10, "the readers have " + readers + " bytes");
    assertTrue(ofMechanisms <= 5_000_000, "its mechanisms have " + ofMechanisms + " bytes");
  }
}
