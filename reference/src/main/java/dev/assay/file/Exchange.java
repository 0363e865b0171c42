package dev.assay.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Gives a folder another content: the old one is moved into {@code .old}, which is then called
 * {@code .done}, and the new one is moved out of {@code .new}. Whenever it is cut off, these names
 * tell the next writer how far it came: without {@code .done} the old content comes back, with it
 * the new one follows.
 *
 * @param whole the folder
 * @param mark that of the writer
 */
record Exchange(Path whole, String mark) {
  private static final String NEW = ".new-";
  private static final String OLD = ".old-";
  private static final String DONE = ".done-";

  /** Where the new content is made. */
  Path fresh() {
    return whole.resolve(NEW + mark);
  }

  private Path old() {
    return whole.resolve(OLD + mark);
  }

  private Path done() {
    return whole.resolve(DONE + mark);
  }

  /**
   * Exchanges; a failure leaves the old content, and the new one where it was. If not even that is
   * possible, because somebody else writes there too, all is left to {@link #repair}: the end of
   * the process takes nothing away.
   */
  void run() throws IOException {
    try {
      exchange();
    } catch (IOException failure) {
      if (halfway()) {
        List.of(fresh(), old(), done()).forEach(Unfinished::end);
      }
      throw failure;
    }
  }

  /** Whether the folder holds neither the old content nor the new one as a whole. */
  boolean halfway() {
    return Files.exists(old()) || Files.exists(done());
  }

  private void exchange() throws IOException {
    Files.createDirectory(old());
    Unfinished.begin(old());
    try {
      move(whole, old());
      Unfinished.begin(done());
      Files.move(old(), done());
    } catch (IOException failure) {
      back();
      throw failure;
    }
    try {
      move(fresh(), whole);
    } catch (IOException failure) {
      move(whole, fresh());
      Files.move(done(), old());
      back();
      throw failure;
    }
  }

  /** Takes away what is no longer needed after an exchange. */
  void clear() throws IOException {
    AtomicFolder.delete(done());
    Unfinished.end(old());
  }

  private void back() throws IOException {
    move(old(), whole);
    AtomicFolder.delete(old());
    Unfinished.end(done());
  }

  private void move(Path from, Path to) throws IOException {
    List<Path> mine = List.of(fresh(), old(), done());
    List<Path> inside;
    try (Stream<Path> all = Files.list(from)) {
      inside = all.filter(one -> !mine.contains(one)).toList();
    } catch (UncheckedIOException broken) {
      throw broken.getCause();
    }
    for (Path one : inside) {
      Files.move(one, to.resolve(one.getFileName()));
    }
  }

  /**
   * Finishes or undoes what writers that were killed have left in a folder.
   *
   * @throws IOException with one sentence, if that is not possible
   */
  static void repair(Path whole) throws IOException {
    try {
      finishOrUndo(whole);
    } catch (FileAlreadyExistsException clash) {
      throw new IOException(
          whole
              + " could not be put right after a write that was cut off: "
              + clash.getFile()
              + " is in the way of a file of the same name: move it to another folder",
          clash);
    } catch (IOException failure) {
      throw new IOException(
          whole
              + " could not be put right after a write that was cut off: "
              + AtomicFile.reason(failure),
          failure);
    }
  }

  private static void finishOrUndo(Path whole) throws IOException {
    for (Path done : Leftovers.inside(whole, DONE)) {
      Exchange cut = of(whole, done, DONE);
      if (Files.isDirectory(cut.fresh())) {
        cut.move(cut.fresh(), whole);
      }
      AtomicFolder.erase(cut.fresh());
      AtomicFolder.erase(done);
    }
    for (Path old : Leftovers.inside(whole, OLD)) {
      Exchange cut = of(whole, old, OLD);
      cut.move(old, whole);
      AtomicFolder.erase(old);
    }
    for (Path fresh : Leftovers.inside(whole, NEW)) {
      AtomicFolder.erase(fresh);
    }
  }

  private static Exchange of(Path whole, Path left, String before) {
    return new Exchange(whole, String.valueOf(left.getFileName()).substring(before.length()));
  }
}
