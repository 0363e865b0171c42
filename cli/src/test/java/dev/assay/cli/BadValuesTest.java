package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What cannot be meant is a matter of usage; an engine that is not here is absent; in every verb.
 */
class BadValuesTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int assay(String line) {
    return Assay.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(line.split(" ", -1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "draw dense --set softcap=-1|softcap is -1.0: it must be positive, or 0 for none",
        "draw dense --set scale=NaN|scale is NaN: it must be a finite number",
        "draw dense --set dropoutRate=1|dropoutRate is 1.0: it must lie in [0, 1)",
        "draw dense --set theta=0|theta is 0.0: it must be positive",
        "draw dense --set rotaryDim=3|rotaryDim is 3: it must be even, or 0 for all channels",
        "draw sliding-window --set window=0|window is 0: it must be at least 1",
        "draw sliding-window --set softcap=NaN|softcap is NaN",
        "draw block-sparse --set scale=Infinity|scale is Infinity",
        "draw hierarchical-chunking --set scale=NaN|scale is NaN",
        "draw head-gate --set scale=NaN|scale is NaN",
        "draw dense --n 0|--n is 0: it must be at least 1",
        "draw dense --heads 0|--heads is 0: it must be at least 1",
        "draw dense --d -3|--d is -3: it must be at least 1",
        "draw dense --cells 0|--cells is 0: it must lie in 1..1024",
        "draw dense --batch -1|--batch is -1: it must be at least 0",
        "explain dense --row 0 --top 0|--top is 0: it must be at least 1",
        "explain dense --row -1|--row is -1: it must be at least 0",
        "bench --n -1|--n is -1: it must be at least 1",
        "bench --rounds 0|--rounds is 0: it must be at least 1",
        "bench --warm-up -1|--warm-up is -1.0: it must be a number of seconds",
        "bench --heads 6 --kv-heads 4|--heads is 6: it must be a multiple of --kv-heads, 4",
        "embed x --n 0 --out x.safetensors|--n is 0: it must be at least 1",
        "embed x --heads 0 --out x.safetensors|--heads is 0: it must be at least 1",
        "parity --engine simd --tries -1|--tries is -1: it must be at least 0",
        "parity --engine simd --try -1|--try is -1: it must be at least 0",
        "parity --engine simd --class f64|--class is f64: leave it out",
        "train recall --mechanism dense --out x --seeds 0|--seeds is 0: it must be at least 1",
        "train recall --mechanism dense --out x --heads 3|--width is 32: it must be a multiple of",
        "train recall --mechanism dense --out x --rate -1|--rate is -1.0: it must be positive",
        "train recall --mechanism dense --out x --pairs 99|each may be at most as many as the next",
        "train recall --mechanism dense --out x --name a/b|--name is a/b: letters, digits",
        "train recall --mechanism nope --out x|there is no mechanism nope",
      })
  void a_value_out_of_its_range_gives_2(String line, String sentence) {
    assertEquals(ExitCode.USAGE, assay(line), err::toString);
    assertTrue(err.toString().contains(sentence), err::toString);
    assertTrue(err.toString().contains(" --help'"), err::toString);
    assertEquals("", out.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run dense --in x.npz --out y.safetensors --engine nope",
        "bench --compare scalar,nope",
        "check --engine nope --case basic/dense-f32",
        "check --engine scalar --require nope --case basic/dense-f32",
        "parity --engine nope --tries 0 --case basic/dense-f32",
        "parity --engine scalar --against nope --tries 0 --case basic/dense-f32",
      })
  void an_engine_that_nobody_has_gives_5(String line) {
    assertEquals(ExitCode.NOTHING_RUN, assay(line), () -> out + "" + err);
    assertTrue(
        (out + "" + err).contains("there is no engine nope: the engines found here are scalar,"),
        () -> out + "" + err);
  }

  @Test
  void an_engine_that_is_loaded_on_demand_comes_with_its_remedy() {
    for (String line :
        new String[] {
          "run dense --in x.npz --out y.safetensors --engine onnxruntime",
          "bench --compare onnxruntime",
          "check --engine onnxruntime --case basic/dense-f32",
          "parity --engine onnxruntime --tries 0 --case basic/dense-f32"
        }) {
      assertEquals(ExitCode.NOTHING_RUN, assay(line), () -> out + "" + err);
      assertTrue(
          (out + "" + err).contains("call './assay --with peers ...'"), () -> out + "" + err);
      out.getBuffer().setLength(0);
      err.getBuffer().setLength(0);
    }
  }
}
