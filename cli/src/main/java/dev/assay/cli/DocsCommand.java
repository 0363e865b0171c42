package dev.assay.cli;

import dev.assay.cli.docs.GeneratedDocs;
import dev.assay.file.AtomicFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code assay docs}: pages and pictures of the mechanisms, and the README's table, from the
 * catalogue.
 */
@Command(
    name = "docs",
    header =
        "Says whether pages and pictures of the mechanisms are what the catalogue gives, or writes them.",
    mixinStandardHelpOptions = true)
final class DocsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--write", description = "Write what is not up to date.")
  private boolean write;

  @Option(
      names = "--root",
      defaultValue = ".",
      paramLabel = "DIR",
      description = "The project's folder, with README.md and docs (default: where you are).")
  private Path root = Path.of("");

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    int stale = 0;
    for (Map.Entry<String, String> made : GeneratedDocs.of(root, DrawCommand::svg).entrySet()) {
      Path file = root.resolve(made.getKey());
      boolean current = Files.exists(file) && Files.readString(file).equals(made.getValue());
      if (!current) {
        stale++;
        if (write) {
          Files.createDirectories(file.resolveSibling(""));
          AtomicFile.write(file, made.getValue());
        }
        out.printf("%s %s%n", write ? "written:" : "not up to date:", made.getKey());
      }
    }
    if (stale == 0) {
      out.println("everything is up to date");
    } else if (!write) {
      out.println("'" + Launch.command() + " docs --write' brings it up to date");
    }
    out.flush();
    return stale == 0 || write ? ExitCode.PASS : ExitCode.MISMATCH;
  }
}
