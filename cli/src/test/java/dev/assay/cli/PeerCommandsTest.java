package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every command line of docs/peers.md, on the records of published code. */
class PeerCommandsTest {
  private static final Path PEERS = Path.of("../../shared/data/peers");
  private static final Path PAGE = Path.of("../docs/peers.md");
  private static final Pattern CELL = Pattern.compile("(?<!\\\\)\\|");
  private static final Pattern CODE = Pattern.compile("`([^`]*)`");
  private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");
  private static final Pattern LEFT = Pattern.compile("(?m)^no result to compare with: (.*)$");

  /** A row of the page. */
  record Row(String record, String command, List<String> left) {
    @Override
    public String toString() {
      return record + ": " + command.replaceAll(" --(map docs|in |expect |tolerance ).*", "");
    }

    List<String> words() {
      List<String> words = new ArrayList<>();
      Matcher matcher = WORD.matcher(command);
      while (matcher.find()) {
        String word = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        words.add(
            word.replace("$PEERS", PEERS.toString())
                .replace("docs/peers.map", "../docs/peers.map"));
      }
      return words;
    }
  }

  static List<Row> rows() throws IOException {
    List<Row> rows = new ArrayList<>();
    for (String line : Files.readAllLines(PAGE)) {
      String[] cells = CELL.split(line, -1);
      if (cells.length == 5 && cells[2].strip().startsWith("`./assay")) {
        rows.add(new Row(cells[1].strip(), code(cells[2]).getFirst(), code(cells[3])));
      }
    }
    return rows;
  }

  private static List<String> code(String cell) {
    return CODE.matcher(cell.replace("\\|", "|")).results().map(it -> it.group(1)).toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void a_row_agrees_in_all_that_the_record_holds(Row row) {
    assumeTrue(Files.isDirectory(PEERS), "skipped: not there: " + PEERS);
    List<String> words = row.words();
    assertEquals("./assay", words.getFirst());
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Assay.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(words.subList(1, words.size()).toArray(String[]::new));
    assertEquals(ExitCode.PASS, code, out + "\n" + err);
    Matcher matcher = LEFT.matcher(out.toString());
    Set<String> left =
        matcher.find() ? new TreeSet<>(List.of(matcher.group(1).split(", ", -1))) : Set.of();
    Set<String> listed =
        left.stream()
            .filter(name -> row.left.stream().anyMatch(name::matches))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(left, listed, "tensors that are not compared must be listed with the reason");
    for (String pattern : row.left) {
      assertTrue(left.stream().anyMatch(name -> name.matches(pattern)), pattern + " fits nothing");
    }
  }

  @Test
  void every_record_has_a_row() throws IOException {
    assumeTrue(Files.isDirectory(PEERS), "skipped: not there: " + PEERS);
    Set<String> records = new TreeSet<>();
    try (Stream<Path> files = Files.list(PEERS)) {
      files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.endsWith(".npz"))
          .forEach(name -> records.add(name.replace(".npz", "")));
    }
    Set<String> listed = rows().stream().map(Row::record).collect(Collectors.toSet());
    assertEquals(records, new TreeSet<>(listed));
  }

  @Test
  void a_row_takes_the_tolerance_that_its_record_states() throws IOException {
    assumeTrue(Files.isDirectory(PEERS), "skipped: not there: " + PEERS);
    for (Row row : rows()) {
      String stated = Files.readString(PEERS.resolve(row.record + ".json"));
      String typed = row.command.replaceAll(".*--tolerance (\\S+).*", "$1");
      String words = stated.replaceAll("(?s).*\"tolerance\": \"([^\"]*)\".*", "$1");
      assertTrue(
          words.startsWith(typed) || (words.equals("exact") && typed.equals("0")),
          row.record + " states '" + words + "', and its row has " + typed);
    }
  }
}
