package dev.assay.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A program that runs a verb again and again, in its two states in turn, until it is killed. */
final class VerbLoop {
  /** Made when the verb has run and its classes are there. */
  static final String READY = "ready";

  private VerbLoop() {}

  public static void main(String[] arguments) throws IOException {
    Path place = Path.of(arguments[0]);
    KilledVerb verb = KilledVerb.valueOf(arguments[1]);
    if (verb != KilledVerb.GOLDEN) {
      verb.run(place, 1);
    }
    Files.createFile(place.resolve(READY));
    for (int state = 0; ; state = 1 - state) {
      verb.run(place, state);
    }
  }
}
