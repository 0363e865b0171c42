package dev.assay.cli;

import dev.assay.engine.Availability;
import dev.assay.engine.Engine;
import dev.assay.engine.Engines;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code assay doctor}: what was found here, what was not, why, and what to do about it. */
@Command(
    name = "doctor",
    header =
        "Says what this machine has: Java, vector width, engines with reasons and remedies, data.",
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  private static final String SUITE = "goldens/v1/suite.json";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    row(out, "assay", new Version().getVersion()[0].replace("assay ", ""));
    row(
        out,
        "java",
        "%s, %s, %s"
            .formatted(
                System.getProperty("java.vm.version"),
                System.getProperty("java.vendor"),
                System.getProperty("java.home")));
    Runtime runtime = Runtime.getRuntime();
    row(
        out,
        "machine",
        "%d processors, %d MiB of memory for Java, %s %s"
            .formatted(
                runtime.availableProcessors(),
                runtime.maxMemory() >> 20,
                System.getProperty("os.name"),
                System.getProperty("os.arch")));
    boolean suite = DoctorCommand.class.getClassLoader().getResource(SUITE) != null;
    row(
        out,
        "goldens",
        suite ? "suite v1 is on the class path" : "NOT FOUND: build again with 'mvn package'");
    out.println();
    engines(out);
    out.flush();
    return suite ? ExitCode.PASS : ExitCode.NOTHING_RUN;
  }

  private static void engines(PrintWriter out) {
    Map<String, Availability> rows = new LinkedHashMap<>();
    Map<String, List<String>> details = new LinkedHashMap<>();
    for (Engine engine : Engines.all()) {
      rows.put(engine.id(), engine.availability());
      details.put(engine.id(), engine.details());
    }
    EngineChoice.onDemand().forEach(rows::putIfAbsent);
    rows.forEach(
        (id, availability) -> {
          row(out, id, (availability.available() ? "yes: " : "no: ") + availability.description());
          if (!availability.available()) {
            row(out, "", "remedy: " + availability.remedy());
          }
          details.getOrDefault(id, List.of()).forEach(detail -> row(out, "", detail));
        });
    List<String> failures = new ArrayList<>(Engines.notLoaded());
    failures.forEach(failure -> row(out, "not loaded", failure));
  }

  private static void row(PrintWriter out, String name, String value) {
    out.printf("%-12s %s%n", name, value);
  }
}
