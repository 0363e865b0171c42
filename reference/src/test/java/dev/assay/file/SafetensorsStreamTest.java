package dev.assay.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsStreamTest {
  /** The numbers 0 to 250, again and again. */
  private record Counted(DType dtype, List<Integer> shape) implements SafetensorsStream.Source {
    @Override
    public Tensor piece(long first, int count) {
      return Tensor.generate(Shape.of(count), p -> (first + p) % 251);
    }
  }

  @TempDir private Path folder = Path.of("");

  @Test
  void what_is_written_in_pieces_is_read_as_one() throws IOException {
    SequencedMap<String, Counted> tensors = new LinkedHashMap<>();
    tensors.put("small", new Counted(DType.U8, List.of(3)));
    tensors.put("large", new Counted(DType.F32, List.of(2, (1 << 20) + 5)));
    tensors.put("empty", new Counted(DType.F16, List.of(0, 7)));
    assertEquals(3 + 4 * 2 * ((1 << 20) + 5), SafetensorsStream.bytes(tensors));
    Path file = folder.resolve("x.safetensors");
    AtomicLong told = new AtomicLong();
    SafetensorsStream.write(file, tensors, told::addAndGet);

    assertEquals(3 + 2 * ((1 << 20) + 5), told.get());
    TensorFile read = Safetensors.read(file);
    for (Map.Entry<String, Counted> entry : tensors.entrySet()) {
      String name = entry.getKey();
      Counted source = entry.getValue();
      Tensor whole = read.tensor(name);
      assertEquals(source.dtype(), read.dtype(name));
      assertEquals(source.elements(), whole.size());
      assertArrayEquals(source.piece(0, whole.size()).toDoubles(), whole.toDoubles());
    }
    int header = (int) (Files.size(file) - 8 - SafetensorsStream.bytes(tensors));
    assertEquals(0, header % 8, "the data begins where eight bytes do");
  }

  @Test
  void a_source_that_gives_too_few_elements_leaves_no_file() {
    SafetensorsStream.Source stingy =
        new SafetensorsStream.Source() {
          @Override
          public DType dtype() {
            return DType.F32;
          }

          @Override
          public List<Integer> shape() {
            return List.of(4);
          }

          @Override
          public Tensor piece(long first, int count) {
            return Tensor.zeros(Shape.of(count - 1));
          }
        };
    SequencedMap<String, SafetensorsStream.Source> tensors = new LinkedHashMap<>();
    tensors.put("x", stingy);
    Path file = folder.resolve("x.safetensors");
    assertThrows(
        IllegalStateException.class, () -> SafetensorsStream.write(file, tensors, _ -> {}));
    assertFalse(Files.exists(file));
  }

  @Test
  void sizes_beyond_the_range_of_a_long_are_refused() {
    Counted huge = new Counted(DType.F64, List.of(1 << 30, 1 << 30, 4));
    assertThrows(ArithmeticException.class, huge::bytes);
  }
}
