package dev.assay.gradcheck.golden;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The readers that come with the suite, by language. */
enum Reader {
  PYTHON("python3", "", "python3 -B python/reader.py"),
  C("gcc", "gcc -O2 -Wall -Wextra -Werror c/reader.c -lm -o", ""),
  RUST("rustc", "rustc --edition 2021 -O -D warnings rust/reader.rs -o", ""),
  JAVASCRIPT("node", "", "node javascript/reader.mjs");

  private static final Path FOLDER = GoldenFolder.SOURCE.resolve("readers").toAbsolutePath();

  private final String tool;
  private final String build;
  private final String run;

  Reader(String tool, String build, String run) {
    this.tool = tool;
    this.build = build;
    this.run = run;
  }

  /** What a program printed, line by line, and how it ended. */
  record Said(int code, List<String> lines) {
    String last() {
      return lines.isEmpty() ? "" : lines.getLast();
    }
  }

  /** The program that is needed. */
  String tool() {
    return tool;
  }

  boolean isHere() {
    String places = System.getenv().getOrDefault("PATH", "");
    return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
        .splitAsStream(places)
        .anyMatch(place -> Files.isExecutable(Path.of(place, tool)));
  }

  /** Builds it, if that is needed, and says how it is called. */
  List<String> built(Path folder) throws IOException, InterruptedException {
    if (build.isEmpty()) {
      return List.of(run.split(" "));
    }
    String program = folder.resolve("reader").toAbsolutePath().toString();
    List<String> words = new ArrayList<>(List.of(build.split(" ")));
    words.add(program);
    Said said = execute(folder, words);
    if (said.code() != 0 || !said.lines().isEmpty()) {
      throw new AssertionError("the compiler says: " + said);
    }
    return List.of(program);
  }

  /** Runs it on folders. */
  static Said read(Path temporary, List<String> program, Path... folders)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(program);
    for (Path folder : folders) {
      words.add(folder.toAbsolutePath().toString());
    }
    return execute(temporary, words);
  }

  private static Said execute(Path temporary, List<String> words)
      throws IOException, InterruptedException {
    Path log = Files.createTempFile(temporary, "said", ".txt");
    Process process =
        new ProcessBuilder(words)
            .directory(FOLDER.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      int code = process.waitFor();
      return new Said(code, Files.readAllLines(log));
    } finally {
      process.destroyForcibly();
    }
  }
}
