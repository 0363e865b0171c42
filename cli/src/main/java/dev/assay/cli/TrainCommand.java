package dev.assay.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code assay train}: a small model around a mechanism, trained, with what it is held against. */
@Command(
    name = "train",
    header = "Trains a small model around a mechanism, and others that it is held against.",
    description = {
      "Linear algebra runs in fp64 on all cores, the mechanisms' plans on an engine.",
      "A record of losses, results, seeds and times is written as JSON."
    },
    subcommands = {
      TrainRecallCommand.class,
      TrainNewsCommand.class,
      TrainForecastCommand.class,
      TrainTextCommand.class,
      TrainTableCommand.class
    },
    mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(),
        "train needs a task: " + String.join(", ", spec.subcommands().keySet()));
  }
}
