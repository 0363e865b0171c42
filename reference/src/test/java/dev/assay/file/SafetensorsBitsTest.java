package dev.assay.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the official format and IEEE 754 can tell apart is told apart after a round trip. */
class SafetensorsBitsTest {
  @TempDir private Path folder = Path.of("");

  private TensorFile roundTrip(TensorFile.Builder builder) throws IOException {
    Path file = folder.resolve("x.safetensors");
    Safetensors.write(file, builder.build());
    return Safetensors.read(file);
  }

  @Test
  void doubles_keep_every_bit() throws IOException {
    double[] values = {
      0.0,
      -0.0,
      1.0 / 3,
      Double.MIN_VALUE,
      -Double.MAX_VALUE,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY,
      Double.longBitsToDouble(0x7FF8_0000_DEAD_BEEFL),
      Double.longBitsToDouble(0xFFF8_0000_0000_0001L),
    };
    Tensor tensor = Tensor.adopt(Shape.of(3, 3), values);
    Samples.assertSame(tensor, roundTrip(TensorFile.builder().put("x", tensor)).tensor("x"), "x");
  }

  @Test
  void floats_keep_every_bit_even_of_signalling_nans() throws IOException {
    float[] values = {
      0f,
      -0f,
      Float.MIN_VALUE,
      Float.MAX_VALUE,
      Float.NEGATIVE_INFINITY,
      Float.intBitsToFloat(0x7F800001),
      Float.intBitsToFloat(0xFFC12345),
    };
    Tensor tensor = Tensor.adopt(Shape.of(7), values);
    float[] back = roundTrip(TensorFile.builder().put("x", tensor)).tensor("x").floats();
    for (int p = 0; p < values.length; p++) {
      assertEquals(Float.floatToRawIntBits(values[p]), Float.floatToRawIntBits(back[p]));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void half_types_keep_all_their_patterns(DType dtype) throws IOException {
    float[] values = new float[1 << 16];
    for (int bits = 0; bits < values.length; bits++) {
      values[bits] = dtype == DType.F16 ? HalfBits.fromF16(bits) : HalfBits.fromBf16(bits);
    }
    TensorFile file =
        roundTrip(TensorFile.builder().put("x", dtype, Tensor.adopt(Shape.of(1 << 16), values)));
    ByteBuffer stored = ByteBuffer.wrap(file.bytes("x")).order(ByteOrder.LITTLE_ENDIAN);
    for (int bits = 0; bits < values.length; bits++) {
      assertEquals(bits, stored.getShort() & 0xFFFF);
    }
    assertEquals(dtype, file.dtype("x"));
    assertEquals(Storage.F32, file.tensor("x").storage());
  }

  @Test
  void a_tensor_longer_than_a_chunk_comes_back() throws IOException {
    Tensor tensor = Tensor.generate(Shape.of(3, 9001), p -> p / 7.0);
    Samples.assertSame(tensor, roundTrip(TensorFile.builder().put("x", tensor)).tensor("x"), "x");
  }

  @Test
  void names_and_metadata_keep_their_order() throws IOException {
    TensorFile file =
        roundTrip(
            TensorFile.builder()
                .put("z", DType.BOOL, Tensor.scalar(1))
                .put("a", Tensor.scalar(2))
                .put("m\"\u00e9", DType.F16, Tensor.scalar(3))
                .metadata("second", "2")
                .metadata("first", "\u20ac"));
    assertEquals(List.of("z", "a", "m\"\u00e9"), List.copyOf(file.names()));
    assertEquals(List.of("second", "first"), List.copyOf(file.metadata().keySet()));
    assertEquals("\u20ac", file.metadata().get("first"));
    assertEquals(3, file.tensor("m\"\u00e9").get(0));
  }

  @Test
  void every_tensor_is_aligned_to_its_element() throws IOException {
    Path file = folder.resolve("x.safetensors");
    TensorFile.Builder builder =
        TensorFile.builder().put("mask", DType.BOOL, Tensor.of(Shape.of(3), 1, 0, 1));
    Safetensors.write(file, builder.put("q", Tensor.scalar(1)).build());
    byte[] bytes = Files.readAllBytes(file);
    long header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    assertEquals(0, header % 8);
    assertArrayEquals(
        new byte[] {1, 0, 1}, Arrays.copyOfRange(bytes, bytes.length - 3, bytes.length));
  }

  @Test
  void a_value_that_the_type_does_not_hold_is_refused() {
    TensorFile.Builder builder = TensorFile.builder();
    Tensor third = Tensor.of(Shape.of(2), 1, 1.0 / 3);
    for (DType dtype : DType.values()) {
      if (dtype != DType.F64) {
        IllegalArgumentException refused =
            assertThrows(IllegalArgumentException.class, () -> builder.put("x", dtype, third));
        assertTrue(String.valueOf(refused.getMessage()).contains("position 1"), refused::toString);
      }
    }
    assertThrows(
        IllegalArgumentException.class, () -> builder.put("x", DType.U8, Tensor.scalar(-1)));
    assertThrows(
        IllegalArgumentException.class, () -> builder.put("x", DType.I64, Tensor.scalar(0x1p60)));
  }

  @Test
  void a_missing_tensor_is_named_with_those_that_are_there() throws IOException {
    TensorFile file = roundTrip(TensorFile.builder().put("q", Tensor.scalar(1)));
    FormatException missing = assertThrows(FormatException.class, () -> file.tensor("k"));
    assertTrue(
        String.valueOf(missing.getMessage()).endsWith("tensor k: is missing: the file holds [q]"),
        missing::toString);
  }
}
