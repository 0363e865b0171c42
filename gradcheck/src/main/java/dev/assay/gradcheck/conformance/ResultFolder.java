package dev.assay.gradcheck.conformance;

import dev.assay.file.Printable;
import dev.assay.file.Safetensors;
import dev.assay.gradcheck.conformance.Attempt.Nothing;
import dev.assay.gradcheck.conformance.Attempt.Refusal;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.gradcheck.verdict.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A folder with one {@code <family>/<case>.safetensors} for each case that was run. */
public final class ResultFolder extends Submission {
  private static final String ENDING = ".safetensors";

  private final Path folder;
  private final Suite suite;
  private final @Nullable ResultIndex index;

  private ResultFolder(Path folder, Suite suite, @Nullable ResultIndex index) {
    this.folder = folder;
    this.suite = suite;
    this.index = index;
  }

  /**
   * The results of a folder.
   *
   * @throws IOException with one sentence, if the folder or its index cannot be read
   */
  public static ResultFolder open(Path folder, Suite suite) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IOException(folder + " is no folder: name the one that holds the results");
    }
    return new ResultFolder(folder, suite, ResultIndex.of(folder, suite));
  }

  @Override
  String name() {
    return folder.toString();
  }

  @Override
  String impl() {
    return index == null ? "" : index.impl();
  }

  @Override
  @Nullable String precision() {
    return index == null ? null : index.precision();
  }

  @Override
  Answer of(GoldenCase golden) throws IOException {
    Path path = folder.resolve(golden.name() + ENDING);
    return Files.exists(path)
        ? Answer.of(Safetensors.read(path))
        : Answer.without(absent(golden.name()));
  }

  /** What the index says of a case without a file. */
  private Attempt absent(String name) {
    ResultIndex.Entry entry = index == null ? null : index.cases().get(name);
    String reason = entry == null || entry.reason() == null ? "" : entry.reason();
    return switch (entry == null ? "" : entry.status()) {
      case "refused" -> new Refusal(reason);
      case "unsupported" -> new Nothing(Status.NOT_SUPPORTED, reason);
      case "done" ->
          new Nothing(Status.MALFORMED, "the index says that it is done, but there is no file");
      default -> NONE;
    };
  }

  /** Files that belong to no case: a slip in a name would otherwise pass for 'not attempted'. */
  @Override
  List<String> notes() throws IOException {
    Map<String, Path> strangers = new LinkedHashMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      all.filter(file -> file.toString().endsWith(ENDING))
          .sorted()
          .forEach(
              file -> strangers.put(folder.relativize(file).toString().replace('\\', '/'), file));
    }
    suite.judged().forEach(golden -> strangers.remove(golden.name() + ENDING));
    return strangers.isEmpty()
        ? List.of()
        : List.of(
            "%d files belong to no case of the suite, the first is %s"
                .formatted(strangers.size(), Printable.of(strangers.keySet().iterator().next())));
  }
}
