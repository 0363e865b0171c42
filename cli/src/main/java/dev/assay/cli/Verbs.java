package dev.assay.cli;

import java.util.List;

/**
 * The one list of verbs, in the order in which the help shows them; a new verb is a class and a
 * line here.
 */
final class Verbs {
  /**
   * Classes annotated with {@link picocli.CommandLine.Command}, each a {@code Callable<Integer>}.
   */
  static final List<Class<?>> ALL =
      List.of(
          CheckCommand.class,
          VerifyCommand.class,
          PipeCommand.class,
          DiffCommand.class,
          ShrinkCommand.class,
          ExportCommand.class,
          ParityCommand.class,
          RunCommand.class,
          ConvertCommand.class,
          DrawCommand.class,
          ExplainCommand.class,
          EmbedCommand.class,
          CostCommand.class,
          CoverageCommand.class,
          GradcheckCommand.class,
          AuditCommand.class,
          MutantsCommand.class,
          GoldenCommand.class,
          AccuracyCommand.class,
          BoundsCommand.class,
          PrecisionCommand.class,
          ListCommand.class,
          DocsCommand.class,
          OnnxCommand.class,
          BenchCommand.class,
          TrainCommand.class,
          DoctorCommand.class);

  private Verbs() {}
}
