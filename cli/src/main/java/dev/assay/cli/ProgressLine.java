package dev.assay.cli;

import dev.assay.gradcheck.conformance.Progress;
import java.io.Console;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/** A bar on the error stream that shows how far a long run is; nothing where nobody looks on. */
final class ProgressLine implements Progress, AutoCloseable {
  private final @Nullable ProgressBar bar;

  ProgressLine(String task, long steps) {
    this.bar =
        Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false)
            ? new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(steps)
                .setConsumer(new ConsoleProgressBarConsumer(System.err))
                .clearDisplayOnFinish()
                .build()
            : null;
  }

  @Override
  public void step(String name) {
    if (bar != null) {
      bar.step();
    }
  }

  /** Many steps at once. */
  void steps(long count) {
    if (bar != null) {
      bar.stepBy(count);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
