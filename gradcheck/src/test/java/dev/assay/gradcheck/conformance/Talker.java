package dev.assay.gradcheck.conformance;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.assay.gradcheck.export.Export;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.verdict.CaseVerdict;
import dev.assay.gradcheck.verdict.RunVerdict;
import dev.assay.gradcheck.verdict.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Small programs at the other end of a pipe, and what is said of them. */
final class Talker {
  static final Duration PATIENCE = Duration.ofSeconds(60);
  static final PrecisionClass CLASS = PrecisionClass.F32_FLASH;

  /** Reads a prompt, gives its number, makes an answer without tensors; standard library only. */
  private static final String TALK =
      """
      import json, sys, time
      def number():
          length = sys.stdin.buffer.read(8)
          if not length: return None
          raw = sys.stdin.buffer.read(int.from_bytes(length, 'little'))
          header = json.loads(raw[8:8 + int.from_bytes(raw[:8], 'little')])
          return str(json.loads(header['__metadata__']['prompt'])['tcId'])
      def frame(header):
          text = json.dumps(header).encode()
          raw = len(text).to_bytes(8, 'little') + text
          return len(raw).to_bytes(8, 'little') + raw
      def no(number, **about):
          return frame({'__metadata__': {'tcId': number, 'unsupported': 'not yet', 'impl': 'talker', **about}})
      def say(raw):
          sys.stdout.buffer.write(raw); sys.stdout.buffer.flush()
      """;

  static List<GoldenCase> cases() {
    return List.of(
        HandedIn.SUITE.find("basic/dense-f32"),
        HandedIn.SUITE.find("basic/dense-f64"),
        HandedIn.SUITE.find("basic/causal-f32"));
  }

  /** The verdict on a program in Python that begins with {@link #TALK}. */
  static RunVerdict judged(String program, List<GoldenCase> cases, Duration patience)
      throws IOException {
    return judged(program, cases, patience, golden -> Export.question(golden, CLASS));
  }

  static RunVerdict judged(
      String program, List<GoldenCase> cases, Duration patience, PipedProgram.Question question)
      throws IOException {
    assumeTrue(pythonIsThere(), "skipped: not there: python3");
    Replay replay = new Replay("./assay", List.of("pipe"), List.of("--", "talker"));
    try (PipedProgram piped =
        PipedProgram.start(
            List.of("python3", "-c", TALK + program), cases, CLASS, patience, question)) {
      return new Verify(HandedIn.SUITE, cases, piped, CLASS.id(), Map.of(), false, replay)
          .run(Progress.NONE);
    }
  }

  private static boolean pythonIsThere() throws IOException {
    try {
      return new ProcessBuilder("python3", "--version").start().waitFor() == 0;
    } catch (IOException absent) {
      return false;
    } catch (InterruptedException stop) {
      throw new IOException(stop);
    }
  }

  static List<Status> statuses(RunVerdict verdict) {
    return verdict.subjects().stream()
        .flatMap(one -> one.cases().stream())
        .map(CaseVerdict::status)
        .toList();
  }

  static String reason(RunVerdict verdict, int n) {
    return verdict.subjects().getFirst().cases().get(n).reason();
  }

  private Talker() {}
}
