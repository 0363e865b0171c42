package dev.assay.gradcheck.export;

import dev.assay.file.Json;
import dev.assay.gradcheck.export.Prompt.Index;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * What an earlier export left in a folder.
 *
 * @param found whether there is one
 * @param cases names of its cases
 */
record Earlier(boolean found, Set<String> cases) {
  private static final Set<String> ENDINGS =
      Set.of(".json", ".safetensors", ".bounds.safetensors", ".answers.safetensors");

  /** Reads its index; without one, or without the file that marks an export, there is nothing. */
  static Earlier of(Path folder) throws IOException {
    Path index = folder.resolve(Index.FILE);
    boolean export = Files.exists(folder.resolve(Export.MARK)) && Files.exists(index);
    return export
        ? new Earlier(true, Json.read(index, Index.class).cases().sequencedKeySet())
        : new Earlier(false, Set.of());
  }

  /** Every file that an export of these cases may have written. */
  Set<String> files() {
    Set<String> files = new HashSet<>();
    for (String name : cases) {
      ENDINGS.forEach(ending -> files.add(name + ending));
    }
    if (found) {
      files.add(Index.FILE);
      files.add(Export.MARK);
    }
    return files;
  }
}
