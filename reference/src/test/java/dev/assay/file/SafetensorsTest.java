package dev.assay.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SafetensorsTest {
  private static final String ONE =
      "\"q\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";

  @TempDir private Path folder = Path.of("");

  /** A file with that header and so many bytes of data. */
  private Path raw(String header, int data) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + data).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json);
    return Files.write(folder.resolve("x.safetensors"), bytes.array());
  }

  private static Tensor valuesOf(DType dtype) {
    double[] values =
        switch (dtype) {
          case BOOL -> new double[] {0, 1, 1, 0, 1, 0};
          case U8 -> new double[] {0, 1, 255, 7, 128, 127};
          case I8 -> new double[] {0, 1, -128, 127, -1, 5};
          case I16 -> new double[] {0, 1, -32768, 32767, -1, 5};
          case I32 -> new double[] {0, 1, Integer.MIN_VALUE, Integer.MAX_VALUE, -1, 5};
          case I64 -> new double[] {0, 1, -0x1p53, 0x1p53, -1, 5};
          default ->
              new double[] {
                -0.0,
                1.5,
                Double.NEGATIVE_INFINITY,
                Double.NaN,
                dtype.round(0.1),
                dtype == DType.F64 ? Double.MIN_VALUE : dtype == DType.F16 ? 0x1p-24 : 0x1p-133
              };
        };
    return Tensor.of(Shape.of(2, 3), values);
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void every_type_comes_back_as_it_was_written(DType dtype) throws IOException {
    Path file = folder.resolve("x.safetensors");
    Tensor values = valuesOf(dtype);
    Safetensors.write(
        file, TensorFile.builder().put("t", dtype, values).metadata("who", "me").build());
    TensorFile read = Safetensors.read(file);
    assertEquals(dtype, read.dtype("t"));
    assertEquals("me", read.metadata().get("who"));
    Tensor back = read.tensor("t");
    for (int p = 0; p < values.size(); p++) {
      assertEquals(
          Double.doubleToLongBits(values.get(p)), Double.doubleToLongBits(back.get(p)), "at " + p);
    }
  }

  @Test
  void scalars_and_empty_tensors_are_tensors() throws IOException {
    Path file = folder.resolve("x.safetensors");
    Safetensors.write(
        file,
        TensorFile.builder()
            .put("one", Tensor.scalar(3))
            .put("none", Tensor.zeros(Shape.of(2, 0)))
            .build());
    assertEquals(Shape.of(), Safetensors.read(file).shape("one"));
    assertEquals(Shape.of(2, 0), Safetensors.read(file).tensor("none").shape());
  }

  @Test
  void the_same_tensors_give_the_same_bytes() throws IOException {
    Path a = folder.resolve("a.safetensors");
    Path b = folder.resolve("b.safetensors");
    for (Path file : List.of(a, b)) {
      Safetensors.write(file, TensorFile.builder().put("t", valuesOf(DType.F64)).build());
    }
    assertEquals(-1, Files.mismatch(a, b));
  }

  @Test
  void a_value_that_the_type_does_not_hold_is_refused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> TensorFile.builder().put("t", DType.F16, Tensor.scalar(0.1)));
    assertThrows(
        IllegalArgumentException.class,
        () -> TensorFile.builder().put("t", DType.BOOL, Tensor.scalar(2)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "overlap          | {%s,'k':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}}  | 12 | overlap",
        "hole             | {%s,'k':{'dtype':'F32','shape':[2],'data_offsets':[12,20]}} | 20 | holes",
        "left over        | {%s}                                                        | 12 | left over",
        "truncated        | {%s}                                                        | 4  | truncated",
        "duplicate key    | {%s,%s}                                                     | 8  | q",
        "unknown type     | {'q':{'dtype':'F7','shape':[2],'data_offsets':[0,8]}}       | 8  | F7",
        "wrong shape      | {'q':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}}      | 8  | takes 12",
        "negative extent  | {'q':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}}     | 8  | -2",
        "huge product     | {'q':{'dtype':'F32','shape':[65536,65536],'data_offsets':[0,8]}} | 8 | 65536",
        "huge extent      | {'q':{'dtype':'F32','shape':[99999999999],'data_offsets':[0,8]}} | 8 | extent",
        "fraction         | {'q':{'dtype':'F32','shape':[1.5],'data_offsets':[0,8]}}    | 8  | whole",
        "falling offsets  | {'q':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}}      | 8  | begin <= end",
        "a key missing    | {'q':{'dtype':'F32','shape':[2]}}                           | 8  | lacks",
        "a key too many   | {'q':{'dtype':'F32','shape':[2],'data_offsets':[0,8],'x':1}} | 8 | unknown key",
        "no object        | {'q':7}                                                     | 0  | object",
        "broken JSON      | {'q':                                                       | 0  | header",
        "text behind      | {%s} {}                                                     | 8  | header",
        "metadata number  | {'__metadata__':{'a':1}}                                    | 0  | text",
      })
  void a_broken_header_is_one_sentence_that_names_file_and_rule(
      String what, String header, int data, String word) throws IOException {
    Path file = raw(header.replace("%s", ONE).replace('\'', '"'), data);
    FormatException fault = assertThrows(FormatException.class, () -> Safetensors.read(file), what);
    String sentence = String.valueOf(fault.getMessage());
    assertTrue(sentence.contains("x.safetensors"), sentence);
    assertTrue(sentence.contains(word), sentence);
    assertEquals(1, sentence.lines().count(), sentence);
  }

  @Test
  void a_header_longer_than_allowed_is_refused_before_memory_is_taken() throws IOException {
    Path file = folder.resolve("x.safetensors");
    Files.write(
        file, ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(1L << 40).array());
    FormatException fault = assertThrows(FormatException.class, () -> Safetensors.read(file));
    assertTrue(String.valueOf(fault.getMessage()).contains("at most 100000000"));
  }

  @Test
  void an_empty_file_a_folder_and_nothing_are_told_apart() throws IOException {
    Path empty = Files.createFile(folder.resolve("empty.safetensors"));
    assertThrows(FormatException.class, () -> Safetensors.read(empty));
    FormatException isFolder = assertThrows(FormatException.class, () -> Safetensors.read(folder));
    assertTrue(String.valueOf(isFolder.getMessage()).contains("directory"));
    assertThrows(
        NoSuchFileException.class, () -> Safetensors.read(folder.resolve("no.safetensors")));
  }

  @Test
  void an_integer_beyond_fp64_is_refused_when_it_is_read() throws IOException {
    Path file = raw("{\"i\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}}", 8);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] = 0x7F;
    Files.write(file, bytes);
    assertThrows(FormatException.class, () -> Safetensors.read(file).tensor("i"));
  }
}
