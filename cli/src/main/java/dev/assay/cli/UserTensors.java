package dev.assay.cli;

import dev.assay.check.Require;
import dev.assay.file.FormatException;
import dev.assay.file.TensorFile;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.TensorSpec;
import dev.assay.mechanism.TensorSpec.Kind;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/**
 * The tensors of a user's files, in the canonical shapes that mechanisms take, and the way back.
 *
 * @param tensors what the mechanism reads, by name; {@code d_out} and {@code d_lse} if given
 * @param ignored names that the mechanism does not read
 * @param layout the user's order of axes
 * @param leading how many axes of 1 were put before the user's
 */
record UserTensors(
    SequencedMap<String, Tensor> tensors, List<String> ignored, Layout layout, int leading) {
  private static final Set<String> TOKENS =
      Set.of(
          "q", "k", "v", "past_k", "past_v", "d_out", "out", "dq", "dk", "dv", "dpast_k",
          "dpast_v");

  /**
   * Reads the files; what a later one names wins nothing: names must differ.
   *
   * @param renames tensor names in the files to names that the mechanism knows
   * @throws IllegalArgumentException with one sentence, if the tensors do not fit
   */
  static UserTensors read(
      List<Path> files, Map<String, String> renames, Layout layout, Mechanism mechanism)
      throws IOException {
    Map<String, Path> origins = new HashMap<>();
    UserTensors user = canonical(find(files, renames, origins), layout, mechanism);
    user.checkCotangents(origins);
    return user;
  }

  /**
   * Reads the files of several layers: the tensors of a layer stand behind its name and a point, as
   * in {@code layers.0.q}; those without a layer belong to all. Without such names there is one
   * layer, of no name.
   *
   * @throws IllegalArgumentException with one sentence, if the tensors do not fit
   */
  static SequencedMap<String, UserTensors> layers(
      List<Path> files, Layout layout, Mechanism mechanism) throws IOException {
    SequencedMap<String, Tensor> found = find(files, Map.of(), new HashMap<>());
    SequencedMap<String, UserTensors> layers = new LinkedHashMap<>();
    for (String name : found.keySet()) {
      if (name.endsWith(".q") && !found.containsKey("q")) {
        String layer = name.substring(0, name.length() - 2);
        layers.put(layer, canonical(ofLayer(found, layer + "."), layout, mechanism));
      }
    }
    if (layers.isEmpty()) {
      layers.put("", canonical(found, layout, mechanism));
    }
    return layers;
  }

  private static SequencedMap<String, Tensor> ofLayer(Map<String, Tensor> found, String prefix) {
    SequencedMap<String, Tensor> own = new LinkedHashMap<>();
    found.forEach(
        (name, tensor) -> {
          if (name.startsWith(prefix)) {
            own.put(name.substring(prefix.length()), tensor);
          } else if (name.indexOf('.') < 0) {
            own.putIfAbsent(name, tensor);
          }
        });
    return own;
  }

  private static SequencedMap<String, Tensor> find(
      List<Path> files, Map<String, String> renames, Map<String, Path> origins) throws IOException {
    SequencedMap<String, Tensor> found = new LinkedHashMap<>();
    Set<String> missing = new LinkedHashSet<>(renames.keySet());
    for (Path path : files) {
      TensorFile file = TensorFile.read(path);
      for (String name : file.names()) {
        missing.remove(name);
        String known = renames.getOrDefault(name, name);
        Require.argument(
            !found.containsKey(known),
            "%s brings the tensor %s a second time: rename one",
            path,
            known);
        found.put(known, file.tensor(name));
        origins.put(known, path);
      }
    }
    Require.argument(
        missing.isEmpty(),
        "--rename names %s, which the files do not hold: they hold %s",
        String.join(", ", missing),
        found.sequencedKeySet());
    return found;
  }

  /** Cotangents are as the results are; deep in the tape nobody would know whose they were. */
  private void checkCotangents(Map<String, Path> origins) throws IOException {
    Tensor q = tensors.get("q");
    Tensor v = tensors.get("v");
    if (q == null || v == null || q.shape().rank() != 4 || v.shape().rank() != 4) {
      return;
    }
    Shape rows = q.shape();
    int channels = v.shape().extent(3);
    Shape lse = Shape.of(rows.extent(0), rows.extent(1), rows.extent(2));
    Shape out = Shape.of(rows.extent(0), rows.extent(1), rows.extent(2), channels);
    check(origins, "d_out", "out, [B, H, n_q, d_v]", out);
    check(origins, "d_lse", "lse, [B, H, n_q]", lse);
  }

  private void check(Map<String, Path> origins, String name, String of, Shape expected)
      throws IOException {
    Tensor given = tensors.get(name);
    if (given != null && !given.shape().equals(expected)) {
      throw new FormatException(
          String.valueOf(origins.get(name)),
          name,
          "has shape %s: it must be that of %s, here %s".formatted(given.shape(), of, expected));
    }
  }

  private static UserTensors canonical(
      Map<String, Tensor> found, Layout layout, Mechanism mechanism) {
    Tensor q = found.get("q");
    int leading = q == null ? 0 : Math.max(0, 4 - q.shape().rank());
    Map<String, TensorSpec> specs = new LinkedHashMap<>();
    mechanism.tensors().forEach(spec -> specs.put(spec.name(), spec));
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    List<String> ignored = new ArrayList<>();
    found.forEach(
        (name, tensor) -> {
          if (TOKENS.contains(name) && (specs.containsKey(name) || name.equals("d_out"))) {
            tensors.put(name, layout.canonical(name, tensor));
          } else if (name.equals("d_lse")) {
            Require.argument(
                tensor.shape().rank() <= 3,
                "d_lse has shape %s: [B, H, n_q] is needed",
                tensor.shape());
            tensors.put(name, Layout.promoted(tensor, 3));
          } else if (specs.containsKey(name)) {
            tensors.put(name, overPairs(specs.get(name), tensor));
          } else {
            ignored.add(name);
          }
        });
    return new UserTensors(tensors, ignored, layout, leading);
  }

  /** Masks and biases lie over pairs of tokens: leading axes that are not given are broadcast. */
  private static Tensor overPairs(
      @org.jspecify.annotations.Nullable TensorSpec spec, Tensor tensor) {
    boolean pairs =
        spec != null
            && spec.kind() != Kind.PARAMETER
            && spec.shape().startsWith("[B|1, H|1, n_q|1");
    return pairs && tensor.shape().rank() < 4 ? Layout.promoted(tensor, 4) : tensor;
  }

  /** A result in the user's layout and rank. */
  Tensor users(String name, Tensor result) {
    if (TOKENS.contains(name) && result.shape().rank() == 4) {
      return layout.users(result, leading);
    }
    boolean lse = name.equals("lse") && result.shape().rank() == 3;
    return lse && layout == Layout.BHSD ? Layout.demoted(result, leading) : result;
  }
}
