package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.file.Safetensors;
import dev.assay.file.TensorFile;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that users name: none is replaced by mistake, and a fault names the file and the field. */
class UserFilesTest {
  @TempDir private Path folder = Path.of("");
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private void is(int code, String sentence, String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    int found =
        Assay.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    assertEquals(code, found, err::toString);
    assertTrue(err.toString().contains(sentence), err::toString);
    assertEquals("", out.toString());
  }

  private String named(String name) {
    return folder.resolve(name).toString();
  }

  /** q, k and v of shape [1, 2, n, 4], and d_out of the given one. */
  private String tensors(int n, Shape dOut) throws IOException {
    TensorFile.Builder file = TensorFile.builder();
    for (String name : new String[] {"q", "k", "v"}) {
      file.put(name, Tensor.full(Shape.of(1, 2, n, 4), 1));
    }
    file.put("d_out", Tensor.full(dOut, 1)).put("k_lens", Tensor.full(Shape.of(1), 41));
    Safetensors.write(folder.resolve("x.safetensors"), file.build());
    return named("x.safetensors");
  }

  @Test
  void results_never_replace_an_input() throws IOException {
    String in = tensors(3, Shape.of(1, 2, 3, 4));
    byte[] before = Files.readAllBytes(Path.of(in));
    is(2, "which is read as well", "run", "dense", "--in", in, "--out", in);
    Path link = Files.createSymbolicLink(folder.resolve("l.safetensors"), Path.of(in));
    is(2, "which is read as well", "run", "dense", "--in", in, "--out", link.toString());
    Files.writeString(folder.resolve("text.safetensors"), "a text");
    String text = named("text.safetensors");
    is(2, "which is read as well", "embed", text, "--out", text);
    assertEquals("a text", Files.readString(Path.of(text)));
    assertTrue(Arrays.equals(before, Files.readAllBytes(Path.of(in))));
  }

  @Test
  void a_file_is_named_as_what_it_holds() throws IOException {
    String in = tensors(3, Shape.of(1, 2, 3, 4));
    for (String name : new String[] {"y.npz", "y", "y.safetensors.bak"}) {
      String[] run = {"run", "dense", "--in", in, "--out", named(name)};
      is(2, "its name must end with .safetensors", run);
      is(2, "its name must end with .safetensors", "embed", in, "--out", named(name));
      assertFalse(Files.exists(folder.resolve(name)));
    }
  }

  @Test
  void where_results_go_is_looked_at_before_anything_is_read() {
    String lost = named("no/y.safetensors");
    String sentence = lost + ": --out: cannot be written: its folder does not exist";
    is(3, sentence, "run", "dense", "--in", named("never.npz"), "--out", lost);
    is(3, sentence, "embed", named("never.txt"), "--out", lost);
    is(3, "no/y.png: --out: cannot", "draw", "dense", "--in", "z.npz", "--out", named("no/y.png"));
  }

  @Test
  void a_folder_in_place_of_a_text_is_named() {
    String sentence = folder + ": file: is a directory: name a file in it";
    is(3, sentence, "embed", folder.toString(), "--out", named("y.safetensors"));
    String[] explain = {
      "explain", "dense", "--row", "0", "--n", "4", "--tokens", folder.toString()
    };
    is(3, sentence, explain);
  }

  @Test
  void a_cotangent_of_another_shape_is_named_with_its_file() throws IOException {
    String in = tensors(3, Shape.of(1, 2, 3, 5));
    is(
        3,
        in
            + ": d_out: has shape [1, 2, 3, 5]: it must be that of out, [B, H, n_q, d_v], here [1, 2, 3, 4]",
        "run",
        "dense",
        "--in",
        in,
        "--out",
        named("y.safetensors"),
        "--grad");
  }

  @Test
  void a_length_out_of_range_is_called_as_the_user_calls_it() throws IOException {
    String in = tensors(3, Shape.of(1, 2, 3, 4));
    String sentence = "k_lens[0] is 41: it must lie in 0..3";
    is(3, sentence, "run", "dense", "--in", in, "--out", named("y.safetensors"));
  }

  @Test
  void a_row_of_no_rows_is_one_plain_sentence() throws IOException {
    TensorFile.Builder file = TensorFile.builder();
    for (String name : new String[] {"q", "k", "v"}) {
      file.put(name, Tensor.zeros(Shape.of(1, 2, 0, 4)));
    }
    Safetensors.write(folder.resolve("none.safetensors"), file.build());
    String sentence = "--row is 0, but there is none to choose";
    is(3, sentence, "explain", "dense", "--in", named("none.safetensors"), "--row", "0");
  }

  @Test
  void a_rename_of_nothing_is_refused_even_if_its_target_is_there() throws IOException {
    String in = tensors(3, Shape.of(1, 2, 3, 4));
    is(
        3,
        "--map names zz, which the files do not hold: they hold [q, k, v, d_out, k_lens]",
        "run",
        "dense",
        "--in",
        in,
        "--out",
        named("y.safetensors"),
        "--map",
        "zz=q");
  }
}
