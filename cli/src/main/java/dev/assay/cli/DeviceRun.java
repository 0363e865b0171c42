package dev.assay.cli;

import dev.assay.bench.device.DeviceReport;
import dev.assay.bench.device.DeviceSuite;
import dev.assay.engine.DeviceEngine;
import dev.assay.engine.Engines;
import dev.assay.file.AtomicFile;
import dev.assay.file.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Measures the engines that have a device of their own.
 *
 * @param spec where to print
 * @param folder where device.json goes; null for nowhere
 * @param small whether to try the code only
 */
record DeviceRun(CommandSpec spec, @Nullable Path folder, boolean small) {
  int measure(int rounds, boolean json) throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    List<DeviceEngine> engines = new ArrayList<>();
    Engines.all().stream()
        .filter(engine -> engine.availability().available())
        .forEach(
            engine -> {
              if (engine instanceof DeviceEngine device) {
                engines.add(device);
              }
            });
    if (engines.isEmpty()) {
      err.println(
          "assay: no engine here has a device: "
              + EngineChoice.absence("tornado").orElse("'assay doctor' says why"));
      err.flush();
      return ExitCode.NOTHING_RUN;
    }
    if (folder != null) {
      Files.createDirectories(folder);
    }
    DeviceReport report =
        new DeviceSuite(
                engines,
                rounds,
                small,
                stage -> {
                  err.println("assay: " + stage);
                  err.flush();
                })
            .run();
    String text = Json.mapper().writeValueAsString(report);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(text);
      out.flush();
    } else {
      new DeviceText(out, report).print();
    }
    if (folder != null) {
      AtomicFile.write(folder.resolve("device.json"), text);
    }
    if (report.rows().isEmpty()) {
      return ExitCode.NOTHING_RUN;
    }
    return report.allWithinBounds() ? ExitCode.PASS : ExitCode.MISMATCH;
  }
}
