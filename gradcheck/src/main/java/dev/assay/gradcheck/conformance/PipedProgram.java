package dev.assay.gradcheck.conformance;

import dev.assay.check.Require;
import dev.assay.file.Printable;
import dev.assay.file.Safetensors;
import dev.assay.file.TensorFile;
import dev.assay.gradcheck.conformance.Attempt.Nothing;
import dev.assay.gradcheck.conformance.ChildProcess.Alarm;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.verdict.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A program that is asked every case through its standard input and answers through its standard
 * output, in the same order, each a frame of {@link Frames}. One thread asks and one listens, so
 * that neither side waits for the other whatever the program keeps in its buffers. A program that
 * ends, falls silent or leaves the protocol is not listened to any more: the case that was waited
 * for says why. Whatever happens, every case gets its answer, or the failure of Assay that keeps it
 * from one.
 */
public final class PipedProgram extends Submission implements AutoCloseable {
  /** How long a program may take to end when all is answered. */
  private static final Duration FAREWELL = Duration.ofSeconds(10);

  private final List<String> command;
  private final PrecisionClass precision;
  private final List<GoldenCase> asked;
  private final Duration patience;
  private final ChildProcess child;
  private final Answers answers;
  private final List<String> notes = new ArrayList<>();
  private final AtomicBoolean over = new AtomicBoolean();
  private volatile String impl = "";

  /** Makes the file that puts a case to the program. */
  public interface Question {
    /** The bytes of a safetensors file. */
    byte[] of(GoldenCase golden) throws IOException;
  }

  private PipedProgram(
      List<String> command,
      PrecisionClass precision,
      List<GoldenCase> asked,
      Duration patience,
      ChildProcess child) {
    this.command = command;
    this.precision = precision;
    this.asked = asked;
    this.patience = patience;
    this.child = child;
    this.answers = new Answers(asked);
  }

  /**
   * Starts a program and begins to ask.
   *
   * @param cases which cases; those that the class cannot run are not asked
   * @param precision class of the results
   * @param patience how long one answer may take, the first with the start of the program
   * @throws IOException with one sentence, if it cannot be started
   */
  public static PipedProgram start(
      List<String> command,
      List<GoldenCase> cases,
      PrecisionClass precision,
      Duration patience,
      Question question)
      throws IOException {
    List<GoldenCase> asked =
        cases.stream().filter(golden -> golden.classes().contains(precision.id())).toList();
    Require.argument(!asked.isEmpty(), "none of the cases can be run in class %s", precision.id());
    PipedProgram program =
        new PipedProgram(command, precision, asked, patience, ChildProcess.start(command));
    Thread.ofPlatform().daemon().name("ask").start(() -> program.ask(question));
    Thread.ofPlatform().daemon().name("listen").start(() -> program.orFail(program::listen));
    return program;
  }

  private void ask(Question question) {
    try (OutputStream in = child.input()) {
      orFail(() -> askAll(in, question));
    } catch (IOException closed) {
      // Nothing is left to be asked.
    }
  }

  private void askAll(OutputStream in, Question question) {
    for (GoldenCase golden : asked) {
      byte[] prompt = prompt(golden, question);
      try {
        Frames.write(in, prompt);
      } catch (IOException closed) {
        // The program does not read on: what it did not answer is said where its answers are read.
        return;
      }
    }
  }

  private static byte[] prompt(GoldenCase golden, Question question) {
    try {
      return question.of(golden);
    } catch (IOException broken) {
      throw new UncheckedIOException(
          new IOException(
              "the prompt for %s could not be made: %s"
                  .formatted(golden.name(), broken.getMessage()),
              broken));
    }
  }

  private void listen() {
    int n = 0;
    while (n < asked.size() && hears(n)) {
      n++;
    }
  }

  /** The answer to the n-th prompt; false if nothing can follow it. */
  private boolean hears(int n) {
    InputStream out = child.output();
    GoldenCase golden = asked.get(n);
    Optional<byte[]> frame;
    try (Alarm _ = alarm(patience, () -> end(n, Status.FAILED, ""))) {
      frame = Frames.read(out);
    } catch (IOException broken) {
      end(n, Status.MALFORMED, String.valueOf(broken.getMessage()));
      return false;
    }
    if (frame.isEmpty()) {
      end(n, Status.FAILED, "the program closed its output before it answered");
      return false;
    }
    Answer answer = answer(golden, frame.get());
    if (n == asked.size() - 1) {
      last(golden, answer, out);
    } else {
      answers.put(golden, answer);
    }
    return true;
  }

  private Answer answer(GoldenCase golden, byte[] frame) {
    try {
      TensorFile file = Safetensors.read("the answer to " + golden.name(), frame);
      if (impl.isEmpty()) {
        impl = Printable.of(file.metadata().getOrDefault("impl", ""));
      }
      return file.metadata().containsKey("tcId")
          ? Answer.of(file)
          : malformed(file.source() + " has no tcId in its metadata: give back that of the prompt");
    } catch (IOException broken) {
      return malformed(String.valueOf(broken.getMessage()));
    }
  }

  private static Answer malformed(String sentence) {
    return Answer.without(new Nothing(Status.MALFORMED, sentence));
  }

  private static Answer tooMuch() {
    return malformed("the program wrote more after its answer to the last prompt");
  }

  /** Nothing may come behind the last answer; waits for the end of the program. */
  private void last(GoldenCase golden, Answer answer, InputStream out) {
    boolean more;
    try (Alarm _ = alarm(FAREWELL, () -> farewell(golden, answer))) {
      more = out.read() >= 0;
    } catch (IOException closed) {
      more = false;
    }
    farewell(golden, more ? tooMuch() : answer);
  }

  private void farewell(GoldenCase golden, Answer answer) {
    if (over.getAndSet(true)) {
      return;
    }
    String how = child.end();
    if (child.late()) {
      note("the program's output did not end when its input did, and it was killed");
    } else if (!how.isEmpty()) {
      note("after the last answer " + how);
    }
    answers.put(golden, answer);
  }

  /** The program is not listened to any more, from the n-th case on. */
  private void end(int n, Status status, String sentence) {
    if (over.getAndSet(true)) {
      return;
    }
    boolean late = child.late();
    String how = child.end();
    String reason =
        late
            ? "no answer came within %d s: it was killed".formatted(patience.toSeconds())
            : Printable.of(sentence);
    String more = late || how.isEmpty() ? "" : "; " + how;
    if (n + 1 < asked.size()) {
      note(
          "%d of %d prompts were answered: the %d behind %s were not attempted"
              .formatted(n, asked.size(), asked.size() - n - 1, asked.get(n).name()));
    }
    String said = child.lastWords();
    if (!said.isEmpty()) {
      // A build server takes a command that stands behind blanks for one, but not behind a bar.
      note("the program's error stream ends with\n" + said.replaceAll("(?m)^", "    | "));
    }
    answers.put(
        asked.get(n), Answer.without(new Nothing(late ? Status.FAILED : status, reason + more)));
    asked.subList(n + 1, asked.size()).forEach(golden -> answers.put(golden, Answer.without(NONE)));
  }

  private Alarm alarm(Duration time, Runnable late) {
    return child.within(time, () -> orFail(late));
  }

  /** A failure of Assay is nobody's answer: whoever waits for one gets it instead. */
  private void orFail(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | Error failure) {
      answers.fail(failure);
    }
  }

  private synchronized void note(String sentence) {
    notes.add(sentence);
  }

  @Override
  String name() {
    return String.join(" ", command);
  }

  @Override
  String impl() {
    return impl;
  }

  @Override
  @Nullable String precision() {
    return precision.id();
  }

  @Override
  Answer of(GoldenCase golden) {
    return answers.of(golden);
  }

  @Override
  synchronized List<String> notes() {
    return List.copyOf(notes);
  }

  /** Kills the program if it still runs. */
  @Override
  public void close() {
    child.close();
  }
}
