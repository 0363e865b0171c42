package dev.assay.gradcheck.fuzz;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.stream.Stream;

/** Files for readers that want some: a million tries are a million files. */
public final class Scratch {
  private static final Path MEMORY = Path.of("/dev/shm");

  private Scratch() {}

  /** A folder in the memory of this process, of which the system knows nothing. */
  public static Path folder() {
    try {
      Path folder = Jimfs.newFileSystem(Configuration.unix()).getPath("/scratch");
      return Files.createDirectory(folder);
    } catch (IOException noPlace) {
      throw new UncheckedIOException(noPlace);
    }
  }

  /**
   * A folder for a reader that takes files of the system alone; it goes when the process ends, and
   * lies in memory where the system has a folder for that.
   */
  static Path ofSystem() {
    try {
      Path folder =
          Files.isWritable(MEMORY)
              ? Files.createTempDirectory(MEMORY, "assay-fuzz")
              : Files.createTempDirectory("assay-fuzz");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
      return folder;
    } catch (IOException noPlace) {
      throw new UncheckedIOException(noPlace);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      all.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException left) {
      throw new UncheckedIOException(left);
    }
  }

  /** Puts bytes into a file, over those that are there: emptying it first takes longer. */
  public static Path put(Path file, byte[] bytes) throws IOException {
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      out.write(ByteBuffer.wrap(bytes), 0);
      out.truncate(bytes.length);
    }
    return file;
  }
}
