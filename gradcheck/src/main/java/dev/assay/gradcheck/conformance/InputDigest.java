package dev.assay.gradcheck.conformance;

import dev.assay.file.TensorFile;
import dev.assay.gradcheck.suite.Checksums;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.NativeTypes;
import dev.assay.gradcheck.suite.RecipeCase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One digest for all inputs of a case: the SHA-256 of the tensors' own digests, in the order of the
 * case, joined by line feeds. Who hands it in with a result shows that it saw the same inputs.
 */
public final class InputDigest {
  private InputDigest() {}

  /** The digest of the inputs of a recipe: of what lies in its file, and of its pieces. */
  public static String of(RecipeCase recipe) {
    List<String> digests = new ArrayList<>();
    recipe
        .drawn()
        .sequencedKeySet()
        .forEach(
            name ->
                recipe
                    .pieces()
                    .getOrDefault(name, List.of())
                    .forEach(piece -> digests.add(piece.sha256())));
    digests.addAll(recipe.digests().values());
    return all(digests);
  }

  /** The digest in hexadecimal. */
  public static String of(GoldenCase golden) throws IOException {
    TensorFile.Builder builder = TensorFile.builder();
    golden
        .inputs()
        .forEach(
            (name, tensor) ->
                builder.put(
                    name,
                    NativeTypes.input(golden.mechanism(), name, tensor, golden.dtype()),
                    tensor));
    TensorFile file = builder.build();
    List<String> digests = new ArrayList<>();
    for (String name : golden.inputs().keySet()) {
      digests.add(Checksums.of(file.bytes(name)));
    }
    return all(digests);
  }

  private static String all(List<String> digests) {
    return Checksums.of(String.join("\n", digests).getBytes(StandardCharsets.UTF_8));
  }
}
