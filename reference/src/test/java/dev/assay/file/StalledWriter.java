package dev.assay.file;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** A program that writes half of a file or folder, says so, and then waits to be ended. */
final class StalledWriter {
  private StalledWriter() {}

  public static void main(String[] arguments) throws IOException {
    Path target = Path.of(arguments[1]);
    if (arguments[0].equals("file")) {
      AtomicFile.write(
          target,
          out -> {
            out.write(new byte[1 << 20]);
            stall();
          });
    } else {
      AtomicFolder.write(
          target,
          folder -> Set.of("mark"),
          folder -> {
            Files.createDirectories(folder.resolve("deep"));
            for (int file = 0; ; file++) {
              AtomicFile.write(folder.resolve("deep/" + file), "text");
              if (file == 100) {
                say();
              }
            }
          });
    }
  }

  private static void stall() throws IOException {
    say();
    try {
      Thread.sleep(60_000);
    } catch (InterruptedException ended) {
      throw new IOException(ended);
    }
  }

  private static void say() throws IOException {
    OutputStream out = new FileOutputStream(FileDescriptor.out);
    out.write("half\n".getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
