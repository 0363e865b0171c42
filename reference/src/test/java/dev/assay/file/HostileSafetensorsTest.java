package dev.assay.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The rarer ways in which a safetensors file can lie; the common ones are in {@link
 * SafetensorsTest}.
 */
class HostileSafetensorsTest {
  @TempDir private Path folder = Path.of("");

  private Path file(long headerLength, byte[] header, int data) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(8 + header.length + data).order(ByteOrder.LITTLE_ENDIAN);
    return Files.write(
        folder.resolve("x.safetensors"), bytes.putLong(headerLength).put(header).array());
  }

  private Path file(String header, int data) throws IOException {
    byte[] utf8 = header.getBytes(StandardCharsets.UTF_8);
    return file(utf8.length, utf8, data);
  }

  /** Reads everything; the sentence must name the file and say what the test expects. */
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
      delimiter = '|',
      textBlock =
          """
          {"q":{"dtype":"F32","shape":[2],"data_offsets":[1,9]}}                                                        | 9 | neither overlap nor leave holes
          {"q":{"dtype":"I8","shape":[2],"data_offsets":[0,2]},"k":{"dtype":"I8","shape":[2],"data_offsets":[1,3]}}     | 3 | tensor k: data_offsets begin at 1
          {"q":{"dtype":"I8","shape":[2],"data_offsets":[0,2]},"k":{"dtype":"I8","shape":[2],"data_offsets":[0,2]}}     | 2 | neither overlap nor leave holes
          {"q":{"dtype":"I8","shape":[2],"data_offsets":[0,2,4]}}                                                       | 2 | must be [begin, end]
          {"q":{"dtype":7,"shape":[2],"data_offsets":[0,2]}}                                                            | 2 | dtype must be a text
          {"q":{"dtype":"I8","shape":2,"data_offsets":[0,2]}}                                                           | 2 | shape must be a list
          {"q":{"dtype":"I8","shape":[4294967298],"data_offsets":[0,2]}}                                                | 2 | must lie in 0..2^31 - 1
          {"q":{"dtype":"I8","shape":[99999999999999999999],"data_offsets":[0,2]}}                                      | 2 | 2^63 - 1
          {"q":{"dtype":"I8","shape":[2],"data_offsets":[9223372036854775806,9223372036854775808]}}                     | 2 | 2^63 - 1
          {"q":{"dtype":"I8","shape":[2],"data_offsets":[0,2]},"q":{"dtype":"I8","shape":[0],"data_offsets":[2,2]}}     | 2 | Duplicate
          {"q":{"dtype":"I8","dtype":"U8","shape":[2],"data_offsets":[0,2]}}                                            | 2 | Duplicate
          {"__metadata__":{"a":"1","a":"2"}}                                                                            | 0 | Duplicate
          {"__metadata__":[]}                                                                                           | 0 | must be an object
          {"q":[[[[]]]]}                                                                                                | 0 | must be an object with dtype
          {}{}                                                                                                          | 0 | more text follows
          []                                                                                                            | 0 | does not begin with '{'
          {"q":{"dtype":"BOOL","shape":[0,9999999],"data_offsets":[0,0]},}                                              | 0 | header
          """)
  void a_broken_header_is_refused(String header, int data, String words) throws IOException {
    refused(file(header, data), words);
  }

  @Test
  void a_header_longer_than_the_file_is_refused_before_memory_is_taken() throws IOException {
    refused(file(90_000_000, new byte[] {'{', '}'}, 0), "but only 2 follow");
  }

  @Test
  void a_header_beyond_the_limit_is_refused() throws IOException {
    refused(file(100_000_001, new byte[] {'{', '}'}, 0), "at most 100000000 are allowed");
    refused(file(-1, new byte[] {'{', '}'}, 0), "18446744073709551615 bytes");
  }

  @Test
  void nesting_is_bounded() throws IOException {
    refused(file("{\"q\":" + "[".repeat(50_000), 0), "tensor q");
    refused(file("{\"q\":{\"shape\":" + "[".repeat(50_000), 0), "whole numbers");
  }

  @Test
  void a_shape_has_a_bounded_number_of_axes() throws IOException {
    String ones = "1,".repeat(1000) + "1";
    refused(file("{\"q\":{\"dtype\":\"I8\",\"shape\":[" + ones + "]}}", 0), "more than 64 numbers");
  }

  @Test
  void tensors_and_lines_of_metadata_are_bounded_in_number() throws IOException {
    String tensors =
        IntStream.range(0, 65_537)
            .mapToObj("\"%d\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}"::formatted)
            .collect(Collectors.joining(",", "{", "}"));
    refused(file(tensors, 0), "more than 65536 tensors");
    String lines =
        IntStream.range(0, 65_537)
            .mapToObj("\"%d\":\"\""::formatted)
            .collect(Collectors.joining(",", "{\"__metadata__\":{", "}}"));
    refused(file(lines, 0), "more than 65536 lines");
  }

  @Test
  void as_many_tensors_as_are_allowed_are_read() throws IOException {
    String tensors =
        IntStream.range(0, 65_536)
            .mapToObj("\"%d\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}"::formatted)
            .collect(Collectors.joining(",", "{", "}"));
    assertEquals(65_536, TensorFile.read(file(tensors, 0)).names().size());
  }

  @Test
  void text_that_is_no_utf8_is_refused() throws IOException {
    refused(file(4, new byte[] {'{', '"', (byte) 0xC3, '"'}, 0), "header");
  }

  @Test
  void what_a_hostile_name_says_stays_on_one_printable_line() throws IOException {
    String header = "{\"a\\n\\u001b[31m" + "x".repeat(5000) + "\":1}";
    FormatException refused =
        assertThrows(FormatException.class, () -> Safetensors.read(file(header, 0)));
    String sentence = String.valueOf(refused.getMessage());
    assertTrue(sentence.contains("a\\u000a\\u001b[31mxxx"), sentence);
    assertTrue(sentence.chars().allMatch(c -> c >= ' '), sentence);
    assertTrue(sentence.length() < 1000, sentence);
  }

  @Test
  void a_bool_that_is_neither_is_refused() throws IOException {
    Path file = file("{\"m\":{\"dtype\":\"BOOL\",\"shape\":[2],\"data_offsets\":[0,2]}}", 2);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] = 2;
    refused(Files.write(file, bytes), "tensor m: the byte 2 is no BOOL");
  }

  @Test
  void a_tensor_that_outgrows_memory_is_one_sentence() throws IOException {
    int elements = Integer.MAX_VALUE; // more than any array of Java holds, whatever its memory
    Path file =
        file(
            "{\"u\":{\"dtype\":\"U8\",\"shape\":[%d],\"data_offsets\":[0,%d]}}"
                .formatted(elements, elements),
            0);
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(sparse.length() + elements);
    }
    refused(file, "do not fit in Java's memory");
  }

  @Test
  void a_file_that_shrinks_between_header_and_data_is_refused() throws IOException {
    Path file = file("{\"q\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8);
    TensorFile open = TensorFile.read(file);
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
    FormatException refused = assertThrows(FormatException.class, () -> open.tensor("q"));
    assertTrue(String.valueOf(refused.getMessage()).contains("ends early"), refused::toString);
  }
}
