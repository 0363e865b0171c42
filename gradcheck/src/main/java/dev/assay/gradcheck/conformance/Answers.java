package dev.assay.gradcheck.conformance;

import dev.assay.gradcheck.conformance.Submission.Answer;
import dev.assay.gradcheck.suite.GoldenCase;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Answers that come while others wait for them. */
final class Answers {
  private final Map<String, CompletableFuture<Answer>> open = new LinkedHashMap<>();

  Answers(List<GoldenCase> asked) {
    asked.forEach(golden -> open.put(golden.name(), new CompletableFuture<>()));
  }

  /** The answer to a case; the first one counts. */
  void put(GoldenCase golden, Answer answer) {
    CompletableFuture<Answer> waiting = open.get(golden.name());
    if (waiting != null) {
      waiting.complete(answer);
    }
  }

  /** No more answers come, because of a failure that whoever waits for one gets instead. */
  void fail(Throwable failure) {
    open.values().forEach(waiting -> waiting.completeExceptionally(failure));
  }

  /** Waits for the answer to a case; one that was not asked has none. */
  Answer of(GoldenCase golden) {
    CompletableFuture<Answer> waiting = open.get(golden.name());
    if (waiting == null) {
      return Answer.without(Submission.NONE);
    }
    try {
      return waiting.join();
    } catch (CompletionException failed) {
      switch (failed.getCause()) {
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case null, default -> throw failed;
      }
    }
  }
}
