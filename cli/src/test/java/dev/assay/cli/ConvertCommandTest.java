package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.file.Safetensors;
import dev.assay.file.TensorFile;
import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConvertCommandTest {
  @TempDir private Path folder = Path.of("");
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private Path in(String name, int... values) throws IOException {
    return in(name, Shape.of(values.length), values);
  }

  private Path in(String name, Shape shape, int... values) throws IOException {
    return write(TensorFile.builder().put(name, DType.I32, tensor(shape, values)));
  }

  private static Tensor tensor(Shape shape, int... values) {
    return Tensor.generate(shape, p -> values[p]);
  }

  private Path write(TensorFile.Builder file) throws IOException {
    Path path = folder.resolve("in.safetensors");
    Safetensors.write(path, file.build());
    return path;
  }

  private Path result() {
    return folder.resolve("out.safetensors");
  }

  private int convert(String from, String to, Path in, String... more) {
    List<String> arguments = new ArrayList<>(List.of("convert", "--from", from, "--to", to));
    arguments.addAll(List.of("--in", in.toString(), "--out", result().toString()));
    arguments.addAll(List.of(more));
    return Assay.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments.toArray(String[]::new));
  }

  @Test
  void rows_of_flashinfer_become_a_block_mask_of_pytorch() throws IOException {
    Path in =
        write(
            TensorFile.builder()
                .put("indptr", DType.I32, tensor(Shape.of(3), 0, 1, 3))
                .put("indices", DType.I32, tensor(Shape.of(3), 2, 0, 1)));
    assertEquals(
        ExitCode.PASS,
        convert(
            "flashinfer-bsr", "flex-attention", in, "--block-q", "4", "--block-k", "2", "--k", "6"),
        err.toString());
    TensorFile file = Safetensors.read(result());
    assertEquals(Shape.of(1, 1, 2, 3), file.shape("kv_indices"));
    assertEquals(DType.I32, file.dtype("kv_indices"));
    assertTrue(file.tensor("kv_num_blocks").bitEquals(tensor(Shape.of(1, 1, 2), 1, 2)));
    assertTrue(out.toString().startsWith("3 blocks of 2 x 3, 1 batch entries, 1 heads"));
    assertTrue(out.toString().contains("note: 3 partial blocks obey the mask_mod"));
  }

  @Test
  void what_is_converted_to_assays_own_runs() throws IOException {
    Path in = in("layout", Shape.of(2, 2, 2), 1, 0, 1, 1, 1, 0, 0, 1);
    assertEquals(
        ExitCode.PASS,
        convert("triton-layout", "assay-table", in, "--block-q", "3", "--block-k", "3"));
    Tensor token = Tensor.generate(Shape.of(1, 2, 6, 2), p -> p % 5);
    Path qkv = folder.resolve("qkv.safetensors");
    Safetensors.write(
        qkv, TensorFile.builder().put("q", token).put("k", token).put("v", token).build());
    int code =
        Assay.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(
                "run",
                "block-sparse",
                "--in",
                qkv.toString(),
                "--in",
                result().toString(),
                "--out",
                folder.resolve("o.safetensors").toString());
    assertEquals(ExitCode.PASS, code, err.toString());
    assertFalse(out.toString().contains("not read"), out.toString());
  }

  @Test
  void a_broken_index_is_one_sentence_and_leaves_no_file() throws IOException {
    Path in =
        write(
            TensorFile.builder()
                .put("row_ptr", DType.I32, tensor(Shape.of(2), 0, 1))
                .put("col_idx", DType.I32, tensor(Shape.of(1), 7)));
    assertEquals(
        ExitCode.MALFORMED,
        convert("assay-lists", "dkernel", in, "--block-q", "1", "--block-k", "1", "--k", "3"));
    assertEquals(
        "assay: " + in + ": tensor col_idx: map 0, row 0 lists block 7: blocks of keys lie in 0..2",
        err.toString().strip());
    assertTrue(nothingWritten());
  }

  @Test
  void what_the_new_layout_cannot_say_is_refused_and_leaves_no_file() throws IOException {
    Path in = in("block_mask", Shape.of(2, 1, 1), 1, 0);
    assertEquals(
        ExitCode.MALFORMED,
        convert("assay-table", "flashinfer-bsr", in, "--block-q", "1", "--block-k", "1"));
    assertEquals(
        "assay: flashinfer-bsr cannot hold a map for each head: 2 heads have maps;"
            + " --merge-heads makes one of them if they are equal",
        err.toString().strip());
    assertTrue(nothingWritten());
  }

  private boolean nothingWritten() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.allMatch(file -> file.endsWith("in.safetensors"));
    }
  }

  @Test
  void an_unknown_layout_is_a_usage_error_that_names_all() throws IOException {
    assertEquals(ExitCode.USAGE, convert("csr", "dkernel", in("x", 1)));
    assertTrue(err.toString().contains("there is no layout 'csr'"), err.toString());
    assertTrue(err.toString().contains("scipy-bsr"), err.toString());
  }

  @Test
  void a_block_of_no_tokens_is_a_usage_error() throws IOException {
    assertEquals(ExitCode.USAGE, convert("dkernel", "dkernel", in("x", 1), "--block-q", "0"));
  }

  @Test
  void a_missing_tensor_is_named_with_those_that_are_there() throws IOException {
    assertEquals(ExitCode.MALFORMED, convert("sparge-map", "dkernel", in("x", 1)));
    assertTrue(err.toString().contains("tensor mask_id: is missing: the file holds [x]"));
  }
}
