package dev.assay.gradcheck.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.assay.file.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The long run, led by coverage: each reader in a process of its own under Jazzer. It is no part of
 * the normal build: {@code mvn -Pfuzz test -pl gradcheck -am -Dassay.fuzz.tries=1000000
 * -Dassay.fuzz.seed=1 -Dassay.fuzz.readers=npz,onnx-model} runs it and writes {@code
 * gradcheck/target/fuzz/record.md}, which keeps the lines of readers that ran before; without names
 * it runs all readers. {@code assay.fuzz.seconds} ends each reader earlier, {@code assay.fuzz.out}
 * names another folder.
 */
class LongFuzz {
  private static final Path OUT = Path.of(System.getProperty("assay.fuzz.out", "target/fuzz"));
  private static final Path RECORD = OUT.resolve("record.md");

  private static final String HEAD =
      """
      | reader | tries | seed | corpus at first, at last | edges | tries a second | outcome |
      |---|---:|---:|---:|---:|---:|---|
      """;

  private static final long TRIES = Long.getLong("assay.fuzz.tries", 1_000_000);
  private static final long SECONDS_EACH = Long.getLong("assay.fuzz.seconds", 0);
  private static final long SEED = Long.getLong("assay.fuzz.seed", 1);

  /** What the fuzzer says last: edges reached, and how large its corpus has become. */
  private static final Pattern DONE =
      Pattern.compile("#(\\d+)\\s+DONE\\s+cov: (\\d+) .*?corp: (\\d+)/.*");

  private static final Pattern SECONDS = Pattern.compile("Done \\d+ runs in (\\d+) second.*");

  @Test
  void no_reader_breaks_its_promise() throws Exception {
    Files.createDirectories(OUT);
    String chosen = System.getProperty("assay.fuzz.readers", "");
    Set<String> names = chosen.isEmpty() ? Set.of() : Set.of(chosen.split(",", -1));
    Map<String, String> lines = earlier();
    List<String> broken = new ArrayList<>();
    for (FuzzReader reader : FuzzReaders.all()) {
      if (names.isEmpty() || names.contains(reader.name())) {
        String line = run(reader);
        lines.put(reader.name(), line);
        if (line.endsWith("broken |")) {
          broken.add(reader.name());
        }
        AtomicFile.write(RECORD, HEAD + String.join("\n", lines.values()) + "\n");
      }
    }
    assertEquals(List.of(), broken, "readers whose promise is broken; the bytes lie in " + OUT);
  }

  /** The lines of a record that is there already, by reader. */
  private static Map<String, String> earlier() throws IOException {
    Map<String, String> lines = new LinkedHashMap<>();
    if (Files.exists(RECORD)) {
      List<String> all = Files.readAllLines(RECORD);
      int head = (int) HEAD.lines().count();
      all.subList(head, all.size())
          .forEach(line -> lines.put(line.split("\\|", 3)[1].strip(), line));
    }
    return lines;
  }

  private static String run(FuzzReader reader) throws IOException, InterruptedException {
    Path corpus = OUT.resolve(reader.name());
    Files.createDirectories(corpus);
    for (int one = 0; one < reader.corpus().size(); one++) {
      Files.write(corpus.resolve("first-" + one), reader.corpus().get(one));
    }
    Path log = OUT.resolve(reader.name() + ".log");
    Process fuzzer =
        new ProcessBuilder(command(reader, corpus))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    int code = fuzzer.waitFor();
    String tries = "?";
    String edges = "?";
    String last = "?";
    long seconds = 1;
    for (String line : Files.readAllLines(log)) {
      Matcher done = DONE.matcher(line);
      if (done.matches()) {
        tries = done.group(1);
        edges = done.group(2);
        last = done.group(3);
      }
      Matcher time = SECONDS.matcher(line);
      seconds = time.matches() ? Math.max(1, Long.parseLong(time.group(1))) : seconds;
    }
    return "| %s | %s | %d | %d, %s | %s | %s | %s |"
        .formatted(
            reader.name(),
            tries,
            SEED,
            reader.corpus().size(),
            last,
            edges,
            tries.equals("?") ? "?" : Long.toString(Long.parseLong(tries) / seconds),
            code == 0 ? "promise kept" : "broken");
  }

  private static List<String> command(FuzzReader reader, Path corpus) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx1g",
        "-XX:+UseSerialGC",
        // Most tries end in an exception, and its trace is the dearest part of it.
        "-XX:MaxJavaStackTraceDepth=24",
        "-D" + FuzzEntry.READER + "=" + reader.name(),
        "-cp",
        System.getProperty("java.class.path"),
        "com.code_intelligence.jazzer.Jazzer",
        "--target_class=" + FuzzEntry.class.getName(),
        "--instrumentation_includes=dev.assay.**",
        "--reproducer_path=" + OUT,
        "-artifact_prefix=" + OUT + "/" + reader.name() + "-",
        "-runs=" + TRIES,
        "-seed=" + SEED,
        "-max_total_time=" + SECONDS_EACH,
        "-max_len=4096",
        "-timeout=300",
        "-rss_limit_mb=0",
        corpus.toString());
  }
}
