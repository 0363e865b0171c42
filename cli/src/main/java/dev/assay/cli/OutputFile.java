package dev.assay.cli;

import dev.assay.file.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where results go: looked at before anything is computed, since that may take long. */
final class OutputFile {
  private OutputFile() {}

  /**
   * A file of tensors.
   *
   * @param inputs files that are read, none of which may be replaced
   * @throws Usage.BadValue if the name is of another kind, or an input's
   * @throws IOException with one sentence, if it cannot be written there
   */
  static void safetensors(Path out, List<Path> inputs) throws IOException {
    // A device or a pipe has no name of its own choosing.
    boolean special = Files.exists(out) && !Files.isRegularFile(out) && !Files.isDirectory(out);
    boolean named = out.toString().toLowerCase(Locale.ROOT).endsWith(".safetensors");
    Usage.require(
        named || special,
        "--out is %s: its name must end with .safetensors, which is what is written",
        out);
    for (Path input : inputs) {
      boolean same = Files.exists(out) && Files.exists(input) && Files.isSameFile(out, input);
      Usage.require(
          !same, "--out is %s, which is read as well: name another file for the results", out);
    }
    check(out);
  }

  /**
   * Any file that {@code --out} names; null is none.
   *
   * @throws IOException with one sentence, if it cannot be written there
   */
  static void check(@Nullable Path out) throws IOException {
    if (out != null) {
      check(out, "--out");
    }
  }

  /**
   * Any file.
   *
   * @param option that names it
   * @throws IOException with one sentence, if it cannot be written there
   */
  static void check(Path out, String option) throws IOException {
    if (Files.isDirectory(out)) {
      throw new FormatException(out.toString(), option, "is a directory: name a file in it");
    }
    Path folder = out.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new FormatException(
          out.toString(), option, "cannot be written: its folder does not exist; make it first");
    }
    boolean special = Files.exists(out) && !Files.isRegularFile(out);
    if (!Files.isWritable(special ? out : folder)) {
      throw new FormatException(out.toString(), option, "may not be written by this user");
    }
  }
}
