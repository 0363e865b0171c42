package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.file.Safetensors;
import dev.assay.file.TensorFile;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.tensor.DType;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The line that repeats a failure is what the user typed, narrowed to the case that failed. */
class RepeatLinesTest {
  private static final String CASE = "basic/causal-f32";
  private static final Path GOLDENS = Path.of("..", "testdata", "goldens", "v1");

  @TempDir private Path place = Path.of("");
  private final StringWriter said = new StringWriter();

  @AfterEach
  void forgets() {
    System.clearProperty("assay.launcher");
    System.clearProperty("assay.with");
  }

  private int assay(String... arguments) {
    PrintWriter both = new PrintWriter(said);
    return Assay.commandLine().setOut(both).setErr(both).execute(arguments);
  }

  /** Hands in some results of the case, all of them times a factor. */
  private Path handedIn(double factor, Set<String> names) throws IOException {
    GoldenCase golden = Suite.load().find(CASE);
    TensorFile.Builder file = TensorFile.builder().metadata("class", "f32-flash");
    for (String name : names) {
      Tensor right = golden.expect().get(name);
      if (right != null) {
        file.put(
            name, DType.F32, Tensor.generate(right.shape(), p -> (float) (factor * right.get(p))));
      }
    }
    Path folder = place.resolve("my results");
    Files.createDirectories(folder.resolve("basic"));
    Safetensors.write(folder.resolve(CASE + ".safetensors"), file.build());
    return folder;
  }

  @Test
  void every_option_that_matters_is_in_it_and_every_word_is_quoted() throws IOException {
    System.setProperty("assay.launcher", "../assay");
    System.setProperty("assay.with", " --with peers");
    String folder = handedIn(2, Suite.load().find(CASE).expect().keySet()).toString();
    String suite = GOLDENS.toString();
    assertEquals(
        ExitCode.MISMATCH,
        assay(
            "verify",
            folder,
            "--case",
            CASE,
            "--suite",
            suite,
            "--complete",
            "--class",
            "f32-flash",
            "--lse-empty",
            "-inf",
            "--scale-in-q",
            "--join",
            "lse"));
    assertTrue(
        said.toString()
            .contains(
                "repeat: ../assay --with peers verify '"
                    + folder
                    + "' --class f32-flash --suite "
                    + suite
                    + " --lse-empty -inf --scale-in-q --join lse --complete --case "
                    + CASE
                    + "\n"),
        said::toString);
  }

  @Test
  void an_engine_out_of_its_class_is_repeated_in_that_class() {
    assertEquals(
        ExitCode.MISMATCH,
        assay("check", "--engine", "simd", "--class", "f64", "--case", CASE),
        said::toString);
    assertTrue(
        said.toString()
            .contains("repeat: ./assay check --class f64 --engine simd --case " + CASE + "\n"),
        said::toString);
  }

  @Test
  void complete_does_not_let_gradients_or_the_lse_be_left_out() throws IOException {
    String folder = handedIn(1, Set.of("out")).toString();
    assertEquals(ExitCode.PASS, assay("verify", folder, "--case", CASE), said::toString);
    assertEquals(
        ExitCode.MISMATCH, assay("verify", folder, "--case", CASE, "--complete"), said::toString);
    assertTrue(said.toString().contains("was not handed in: dk, dq, dv, lse"), said::toString);
  }
}
