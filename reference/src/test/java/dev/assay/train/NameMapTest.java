package dev.assay.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.assay.file.Safetensors;
import dev.assay.file.TensorFile;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NameMapTest {
  @TempDir private Path folder = Path.of("");

  private TensorFile file() throws IOException {
    Path path = folder.resolve("other.safetensors");
    Safetensors.write(
        path,
        TensorFile.builder()
            .put("h.0.attn.c_attn.weight", Tensor.generate(Shape.of(2, 6), p -> p))
            .put("h.0.ln_1.weight", Tensor.of(Shape.of(2), 1, 2))
            .put("h.0.attn.bias", Tensor.of(Shape.of(1), 9))
            .build());
    return Safetensors.read(path);
  }

  @Test
  void a_fused_matrix_is_turned_and_split() throws IOException {
    NameMap names =
        new NameMap()
            .split(
                "h\\.(\\d+)\\.attn\\.c_attn\\.weight",
                true,
                "block$1.attention.w_q",
                "block$1.attention.w_k",
                "block$1.attention.w_v")
            .rename("h\\.(\\d+)\\.ln_1\\.(.*)", "block$1.attention_norm.$2")
            .drop("h\\.\\d+\\.attn\\.bias");
    var tensors = names.read(file()).complete();
    assertEquals(
        Set.of(
            "block0.attention.w_q",
            "block0.attention.w_k",
            "block0.attention.w_v",
            "block0.attention_norm.weight"),
        tensors.keySet());
    Tensor k = tensors.get("block0.attention.w_k");
    assertEquals(Shape.of(2, 2), Objects.requireNonNull(k).shape());
    // Columns 2 and 3 of [in, out] are rows of [out, in].
    assertArrayEquals(new double[] {2, 8, 3, 9}, k.toDoubles());
  }

  @Test
  void names_that_no_rule_fits_are_reported() throws IOException {
    NameMap.Result result = new NameMap().rename("(.*ln_1.*)", "$1").read(file());
    assertEquals(List.of("h.0.attn.c_attn.weight", "h.0.attn.bias"), result.unknown());
    assertThrows(IllegalArgumentException.class, result::complete);
  }

  @Test
  void two_tensors_of_one_name_are_refused() throws IOException {
    NameMap names = new NameMap().rename(".*", "same");
    TensorFile file = file();
    assertThrows(IllegalArgumentException.class, () -> names.read(file));
  }
}
