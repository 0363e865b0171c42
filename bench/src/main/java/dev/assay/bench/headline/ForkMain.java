package dev.assay.bench.headline;

import dev.assay.bench.headline.Lab.WrongResults;
import dev.assay.bench.report.ReportJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What runs in the JVM that {@link Fork} starts: one experiment.
 *
 * <p>Arguments: the file for the answer, the experiment, sizes, rounds, seconds to warm up.
 */
final class ForkMain {
  private ForkMain() {}

  public static void main(String[] args) throws IOException {
    Experiment experiment = Experiments.find(args[1], Sizes.valueOf(args[2]));
    Lab lab = new Lab(Integer.parseInt(args[3]), Double.parseDouble(args[4]));
    Files.writeString(Path.of(args[0]), ReportJson.write(measure(experiment, lab)));
    // A peer's own threads need not end by themselves.
    Runtime.getRuntime().halt(0);
  }

  private static Sample measure(Experiment experiment, Lab lab) throws IOException {
    try {
      return experiment.run(lab);
    } catch (WrongResults wrong) {
      return Sample.ofWrong(String.valueOf(wrong.getMessage()));
    }
  }
}
