package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.bench.Work;
import dev.assay.bench.Workload;
import dev.assay.bench.device.DeviceReport;
import dev.assay.bench.device.DeviceRow;
import dev.assay.bench.device.DeviceRow.Clocks;
import dev.assay.engine.DeviceEngine.Rates;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** {@code assay bench --suite device}. */
class DeviceSuiteCommandTest {
  @Test
  @DisabledIfSystemProperty(named = "tornado.load.runtime.implementation", matches = ".*")
  void without_a_device_nothing_is_run_and_a_sentence_says_why() {
    StringWriter err = new StringWriter();
    int code =
        Assay.commandLine().setErr(new PrintWriter(err)).execute("bench", "--suite", "device");
    assertEquals(ExitCode.NOTHING_RUN, code);
    assertTrue(err.toString().contains("no engine here has a device"), err::toString);
    assertTrue(err.toString().contains("TORNADOVM_HOME"), err::toString);
  }

  @Test
  void the_table_has_a_line_for_each_pass_and_ratios_to_dense() {
    Workload dense = new Workload(Work.DENSE, 1024, 8, 8, 64);
    Workload band = new Workload(Work.BAND, 1024, 8, 8, 64);
    DeviceReport report =
        new DeviceReport(
            "a card",
            new Rates(2000, 100),
            3,
            List.of(
                new DeviceRow("e", dense, new Clocks(8, 9, 1000), new Clocks(20, 30, 500), 0.5),
                new DeviceRow("e", band, new Clocks(2, 3, 400), null, null)));
    StringWriter text = new StringWriter();
    new DeviceText(new PrintWriter(text), report).print();
    String table = text.toString();
    assertTrue(
        table.contains("| e | dense | 1024 | forward | 8.000 | 9.0 | 1000 | 50.0 % | - | 0.5000 |"),
        table);
    assertTrue(table.contains("| e | dense | 1024 | backward | 20.000 |"), table);
    assertTrue(
        table.contains("| e | band | 1024 | forward | 2.000 | 3.0 | 400 | 20.0 % | 4.00x | - |"),
        table);
  }
}
