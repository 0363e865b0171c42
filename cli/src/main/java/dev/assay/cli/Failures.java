package dev.assay.cli;

import dev.assay.file.Printable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns whatever a verb throws into one sentence on the error stream and an exit code. */
final class Failures implements IExecutionExceptionHandler {
  private final BooleanSupplier stackTrace;

  Failures(BooleanSupplier stackTrace) {
    this.stackTrace = stackTrace;
  }

  /** What the user typed was not understood: the sentence, then where the help is. */
  static int usage(ParameterException failure, String[] args) {
    CommandLine line = failure.getCommandLine();
    PrintWriter err = line.getErr();
    err.println("assay: " + failure.getMessage());
    if (!UnmatchedArgumentException.printSuggestions(failure, err)) {
      err.println("See '" + line.getCommandSpec().qualifiedName() + " --help'.");
    }
    err.flush();
    return ExitCode.USAGE;
  }

  /**
   * The machine or the program gave up (no memory, a broken class path): never a verdict on
   * anybody's kernel.
   */
  static int error(Error failure, CommandLine line) {
    String what =
        failure instanceof OutOfMemoryError
            ? "out of memory: "
                + failure.getMessage()
                + ". Give Java more, for example JDK_JAVA_OPTIONS=-Xmx8g."
            : "internal error: "
                + failure
                + ". This is a fault of Assay or of its build; '"
                + Launch.command()
                + " doctor' looks for the cause.";
    line.getErr().println("assay: " + what);
    line.getErr().flush();
    return ExitCode.INTERNAL;
  }

  @Override
  public int handleExecutionException(
      Exception failure, CommandLine line, @Nullable ParseResult parsed) {
    if (failure instanceof Usage.BadValue) {
      return usage(new ParameterException(line, failure.getMessage(), failure), new String[0]);
    }
    int code = code(failure);
    PrintWriter err = line.getErr();
    err.println("assay: " + Printable.of(sentence(failure, code)));
    if (stackTrace.getAsBoolean()) {
      failure.printStackTrace(err);
    }
    err.flush();
    return code;
  }

  private static int code(Exception failure) {
    return switch (failure) {
      case InterruptedException _ -> ExitCode.INTERRUPTED;
      case Absent _ -> ExitCode.NOTHING_RUN;
      // Require and the file readers speak with these: the input is at fault, not the program
      case IllegalArgumentException _, IOException _, UncheckedIOException _ -> ExitCode.MALFORMED;
      default -> ExitCode.INTERNAL;
    };
  }

  private static String sentence(Exception failure, int code) {
    return switch (failure) {
      case InterruptedException _ -> "interrupted.";
      case UncheckedIOException wrapped when wrapped.getCause() != null ->
          sentence(wrapped.getCause(), code);
      case NoSuchFileException missing -> missing.getFile() + " does not exist.";
      case AccessDeniedException denied ->
          denied.getFile() + " may not be read or written by this user.";
      case FileSystemException other -> other.getFile() + ": " + other.getReason() + ".";
      default -> {
        String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        yield code == ExitCode.INTERNAL
            ? "internal error: "
                + failure.getClass().getSimpleName()
                + ": "
                + message
                + ". This is a fault of Assay; --stack-trace shows where."
            : message;
      }
    };
  }
}
