package dev.assay.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A part of a tensor, and a file with another tensor in the place of one. */
class PiecesTest {
  private static final Tensor COUNTED = Tensor.generate(Shape.of(3, 4), p -> p);

  @TempDir private Path folder = Path.of("");

  private static TensorFile inMemory(DType dtype) {
    return TensorFile.builder().put("before", dtype, COUNTED).put("x", dtype, COUNTED).build();
  }

  private TensorFile stored(DType dtype) throws IOException {
    Path file = folder.resolve("x.safetensors");
    Safetensors.write(file, inMemory(dtype));
    return Safetensors.read(file);
  }

  @ParameterizedTest
  @EnumSource(names = {"F64", "F32", "F16", "I64", "U8"})
  void a_piece_has_the_elements_from_its_place_on(DType dtype) throws IOException {
    for (TensorFile file : List.of(inMemory(dtype), stored(dtype))) {
      assertArrayEquals(new double[] {5, 6, 7}, file.piece("x", 5, 3).toDoubles());
      assertArrayEquals(new double[] {0}, file.piece("x", 0, 1).toDoubles());
      assertArrayEquals(new double[] {11}, file.piece("x", 11, 1).toDoubles());
      assertArrayEquals(COUNTED.toDoubles(), file.piece("x", 0, 12).toDoubles());
      assertArrayEquals(new double[0], file.piece("x", 12, 0).toDoubles());
    }
  }

  @ParameterizedTest
  @CsvSource({"-1, 2", "0, 13", "12, 1", "3, -1", "2147483647, 2147483647"})
  void a_piece_that_is_not_there_is_refused(int first, int count) {
    TensorFile file = inMemory(DType.F32);
    String sentence =
        String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> file.piece("x", first, count))
                .getMessage());
    assertEquals(
        "tensor x has 12 elements: %d from %d on are not there".formatted(count, first), sentence);
  }

  @Test
  void another_tensor_takes_the_place_of_one() throws IOException {
    TensorFile file = stored(DType.F32);
    TensorFile other = file.with("x", Tensor.of(Shape.of(1), new double[] {9}));
    assertArrayEquals(new double[] {9}, other.tensor("x").toDoubles());
    assertEquals(Shape.of(1), other.shape("x"));
    assertEquals(DType.F32, other.dtype("x"));
    assertArrayEquals(COUNTED.toDoubles(), other.tensor("before").toDoubles());
    assertEquals(file.source(), other.source());
    assertArrayEquals(COUNTED.toDoubles(), file.tensor("x").toDoubles());
    assertThrows(FormatException.class, () -> file.with("y", COUNTED));
  }

  @Test
  void a_file_says_what_it_has_and_where_it_lies() throws IOException {
    TensorFile file = stored(DType.F64);
    assertTrue(file.has("x"));
    assertFalse(file.has("y"));
    assertEquals(folder.resolve("x.safetensors").toString(), file.source());
    TensorFile all = TensorFile.builder().putAll(Map.of("a", COUNTED)).build();
    assertEquals(DType.F64, all.dtype("a"));
  }

  @Test
  void the_bytes_for_a_pipe_are_those_of_a_file() throws IOException {
    byte[] bytes = Safetensors.bytes("piped", inMemory(DType.F32));
    TensorFile again = Safetensors.read("piped", bytes);
    assertEquals("piped", again.source());
    assertArrayEquals(COUNTED.toDoubles(), again.tensor("x").toDoubles());
    assertArrayEquals(new double[] {4, 5}, again.piece("x", 4, 2).toDoubles());
  }
}
