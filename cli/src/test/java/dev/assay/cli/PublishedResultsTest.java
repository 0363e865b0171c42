package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.assay.file.Npz;
import dev.assay.file.Safetensors;
import dev.assay.file.TensorFile;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verb run against results that other programs published, gradients included. */
class PublishedResultsTest {
  private static final Path PEERS = Path.of("../../shared/data/peers");

  /** Published as "1e-12 rel (float64)": relative to the largest element of the tensor. */
  private static final double RELATIVE = 1e-12;

  @TempDir private Path folder = Path.of("");

  private static Path peer(String name) {
    Path file = PEERS.resolve(name);
    assumeTrue(Files.exists(file), "skipped: not there: " + file);
    return file;
  }

  private TensorFile run(Path in, String... arguments) throws IOException {
    Path results = folder.resolve("y.safetensors");
    List<String> all = new ArrayList<>(List.of("run"));
    all.addAll(Arrays.asList(arguments));
    all.addAll(List.of("--in", in.toString(), "--out", results.toString(), "--grad"));
    StringWriter err = new StringWriter();
    int code =
        Assay.commandLine()
            .setOut(new PrintWriter(new StringWriter()))
            .setErr(new PrintWriter(err))
            .execute(all.toArray(String[]::new));
    assertEquals(ExitCode.PASS, code, err.toString());
    return Safetensors.read(results);
  }

  private static void agrees(String what, Tensor found, Tensor published) {
    assertEquals(published.shape(), found.shape(), what);
    double largest = 0;
    for (int p = 0; p < published.size(); p++) {
      if (Double.isFinite(published.get(p))) {
        largest = Math.max(largest, Math.abs(published.get(p)));
      }
    }
    for (int p = 0; p < published.size(); p++) {
      double a = found.get(p);
      double b = published.get(p);
      assertTrue(
          a == b || Math.abs(a - b) <= RELATIVE * largest, what + "[" + p + "] " + a + " " + b);
    }
  }

  private void asPublished(String name, String... arguments) throws IOException {
    Path in = peer(name + ".npz");
    TensorFile y = run(in, arguments);
    TensorFile published = Npz.read(in);
    agrees("out", y.tensor("out"), published.tensor("out"));
    agrees("lse", y.tensor("lse"), published.tensor("lse"));
    for (String input : List.of("q", "k", "v")) {
      agrees("d" + input, y.tensor("d" + input), published.tensor("d_" + input));
    }
  }

  @Test
  void ragged_blocks_with_grouped_heads() throws IOException {
    asPublished("bcsr_seed13_gqa", "block-sparse", "--rename", "cot=d_out");
  }

  @Test
  void causal_blocks_with_empty_rows() throws IOException {
    asPublished(
        "bcsr_seed15_causal_nq_gt_nk_emptyrows",
        "block-sparse",
        "--rename",
        "cot=d_out",
        "--set",
        "causal=true");
  }

  @Test
  void causal_dot_product_attention() throws IOException {
    asPublished(
        "torch_sdpa_causal_square", "dense", "--rename", "cot=d_out", "--set", "causal=true");
  }

  /**
   * The published layer projects x before attention and the heads' outputs behind it, so q, k, v
   * are computed here, and the chain rule is followed by hand back to x and all four parameters.
   */
  @Test
  void multi_head_attention_with_ignored_keys() throws IOException {
    TensorFile p = Npz.read(peer("torch_mha_keypad.npz"));
    Projected layer = new Projected(p, 4);
    Path in = folder.resolve("qkv.safetensors");
    Tensor ignored = p.tensor("key_padding_mask");
    int n = ignored.shape().extent(1);
    Tensor mask =
        Tensor.generate(Shape.of(ignored.shape().extent(0), 1, 1, n), key -> 1 - ignored.get(key));
    Safetensors.write(
        in,
        TensorFile.builder()
            .put("q", layer.heads(0))
            .put("k", layer.heads(1))
            .put("v", layer.heads(2))
            .put("d_out", layer.dHeads())
            .put("mask", mask)
            .build());
    TensorFile y = run(in, "dense");
    agrees("out", layer.out(y.tensor("out")), p.tensor("out"));
    layer.back(y.tensor("out"), List.of(y.tensor("dq"), y.tensor("dk"), y.tensor("dv")));
    agrees("x", layer.dx(), p.tensor("d_x"));
    agrees("in_proj_weight", layer.dInWeight(), p.tensor("g.in_proj_weight"));
    agrees("in_proj_bias", layer.dInBias(), p.tensor("g.in_proj_bias"));
    agrees("out_proj.weight", layer.dOutWeight(), p.tensor("g.out_proj.weight"));
    agrees("out_proj.bias", layer.dOutBias(), p.tensor("g.out_proj.bias"));
  }
}
