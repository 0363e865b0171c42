package dev.assay.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files that change under a reader, that are none, and disks that are full. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class ChangingFilesTest {
  @TempDir private Path folder = Path.of("");

  private static void refused(Path file, String words) {
    FormatException refused =
        assertThrows(FormatException.class, () -> TensorFile.read(file).tensors());
    assertTrue(String.valueOf(refused.getMessage()).contains(words), refused::getMessage);
  }

  /** No file is mapped: a page that is gone would end the process. */
  @Test
  void a_file_that_is_cut_off_while_it_is_read_is_refused() throws IOException {
    Path file = folder.resolve("x.safetensors");
    Safetensors.write(file, TensorFile.builder().put("q", Tensor.zeros(Shape.of(1 << 20))).build());
    TensorFile opened = TensorFile.read(file);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(1 << 16);
    }
    FormatException refused = assertThrows(FormatException.class, () -> opened.tensor("q"));
    assertEquals(file + ": tensor q: the data ends early", refused.getMessage());
  }

  @Test
  void an_archive_that_is_cut_off_while_it_is_read_is_refused() throws IOException {
    Path file = folder.resolve("x.npz");
    byte[] array = NumpyFiles.npy("<f8", false, "(2,)", NumpyFiles.doubles(1, 2));
    Files.write(file, NumpyFiles.npz(Map.of("q.npy", array)));
    TensorFile opened = TensorFile.read(file);
    Files.write(file, new byte[10]);
    FormatException refused = assertThrows(FormatException.class, () -> opened.tensor("q"));
    assertTrue(String.valueOf(refused.getMessage()).contains("is no zip file"));
  }

  @Test
  void a_pipe_and_a_device_are_refused_and_not_waited_for() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")), "skipped: not there: mkfifo");
    for (String name : new String[] {"a.safetensors", "a.npz", "a.npy"}) {
      Path file = folder.resolve(name);
      assertEquals(0, new ProcessBuilder("/usr/bin/mkfifo", file.toString()).start().waitFor());
      refused(file, "is not a regular file");
      Files.delete(file);
      Files.createSymbolicLink(file, Path.of("/dev/zero"));
      refused(file, "is not a regular file");
    }
    Path json = Files.createSymbolicLink(folder.resolve("a.json"), Path.of("/dev/zero"));
    assertThrows(FormatException.class, () -> Json.read(json));
  }

  @Test
  void a_device_that_is_full_is_one_sentence() {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.isWritable(full), "skipped: not there: " + full);
    IOException failure = assertThrows(IOException.class, () -> AtomicFile.write(full, "text"));
    String sentence = String.valueOf(failure.getMessage());
    assertTrue(sentence.startsWith("/dev/full could not be written: "), sentence);
    assertEquals(1, sentence.lines().count());
  }
}
