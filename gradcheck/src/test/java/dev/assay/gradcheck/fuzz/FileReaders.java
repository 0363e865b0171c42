package dev.assay.gradcheck.fuzz;

import dev.assay.file.FormatException;
import dev.assay.file.Json;
import dev.assay.file.Safetensors;
import dev.assay.file.TensorFile;
import dev.assay.nn.Parameters;
import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import dev.assay.train.Checkpoint;
import dev.assay.train.TrainingRecord;
import dev.assay.wiring.WiringReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The readers of tensors, layers, checkpoints and records. */
final class FileReaders {
  private static final List<String> LAYERS =
      List.of("torch-mha", "hf-longformer", "lucid-routing", "streaming-llm");

  private final Path folder = Scratch.folder();

  List<FuzzReader> all() throws IOException {
    return List.of(
        new FuzzReader(
            "safetensors",
            "x.safetensors",
            List.of(tensors(), checkpoint()),
            bytes -> Safetensors.read("x.safetensors", bytes).tensors()),
        file("npy", List.of(npy("<f4", true, "(2, 3)", 24), npy("|b1", false, "(3,)", 3))),
        file("npz", List.of(npz(ZipEntry.DEFLATED), npz(ZipEntry.STORED))),
        new FuzzReader("wiring", "x.wiring", wirings(), FileReaders::wiring),
        new FuzzReader("checkpoint", "c.safetensors", List.of(checkpoint()), this::checkpoint),
        new FuzzReader("training-record", "r.json", List.of(record()), this::record));
  }

  /** An archive is opened by the system's own name of the file. */
  private FuzzReader file(String ending, List<byte[]> corpus) {
    Path file = (ending.equals("npz") ? Scratch.ofSystem() : folder).resolve("x." + ending);
    return new FuzzReader(
        ending,
        file.toString(),
        corpus,
        bytes -> TensorFile.read(Scratch.put(file, bytes)).tensors());
  }

  private byte[] tensors() throws IOException {
    Path file = folder.resolve("made.safetensors");
    Safetensors.write(
        file,
        TensorFile.builder()
            .put("q", DType.BF16, Tensor.zeros(Shape.of(1, 2, 3)))
            .put("mask", DType.BOOL, Tensor.full(Shape.of(3), 1))
            .put("idx", DType.I64, Tensor.full(Shape.of(2), 5))
            .metadata("suite", "assay \u00e9")
            .build());
    return Files.readAllBytes(file);
  }

  private byte[] checkpoint() throws IOException {
    Path file = folder.resolve("made.safetensors");
    Map<String, Tensor> one = Map.of("layer.weight", Tensor.full(Shape.of(2, 2), 0.5));
    Parameters parameters =
        Parameters.of(7, new LinkedHashMap<>(one), new LinkedHashMap<>(Map.of()));
    new Checkpoint(parameters, "adam", new LinkedHashMap<>(one), 3).write(file);
    return Files.readAllBytes(file);
  }

  private void checkpoint(byte[] bytes) throws IOException {
    Checkpoint.read(Scratch.put(folder.resolve("c.safetensors"), bytes));
  }

  private static void wiring(byte[] bytes) throws IOException {
    String text = new String(bytes, StandardCharsets.UTF_8);
    try {
      var _ = WiringReader.read("x", "x.wiring", text).make(Map.of());
    } catch (IllegalArgumentException refused) {
      throw new FormatException("x.wiring", "mechanism", String.valueOf(refused.getMessage()));
    }
  }

  private static List<byte[]> wirings() throws IOException {
    List<byte[]> texts = new ArrayList<>();
    for (String layer : LAYERS) {
      try (var in = WiringReader.class.getResourceAsStream(layer + ".wiring")) {
        texts.add(in.readAllBytes());
      }
    }
    return texts;
  }

  private static byte[] record() {
    TrainingRecord.Run run =
        new TrainingRecord.Run(1, Map.of("accuracy", 0.75), List.of(1.0, 0.5), 20, false, 2.5, 99);
    TrainingRecord record =
        new TrainingRecord(
            "recall",
            "dense",
            new LinkedHashMap<>(Map.of("causal", "true")),
            "./assay train recall",
            Map.of("tokens", 32.0),
            "define",
            List.of("a note"),
            List.of(TrainingRecord.Subject.of("dense", List.of(run))));
    return Json.mapper().writeValueAsBytes(record);
  }

  private void record(byte[] bytes) throws IOException {
    var _ = TrainingRecord.read(Scratch.put(folder.resolve("r.json"), bytes));
  }

  private static byte[] npy(String descr, boolean fortran, String shape, int data) {
    String header =
        "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }\n"
            .formatted(descr, fortran ? "True" : "False", shape);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    out.write(header.length() & 0xFF);
    out.write(header.length() >>> 8);
    out.writeBytes(header.getBytes(StandardCharsets.ISO_8859_1));
    out.writeBytes(new byte[data]);
    return out.toByteArray();
  }

  private static byte[] npz(int method) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.setLevel(method == ZipEntry.DEFLATED ? 9 : 0);
      for (String name : List.of("q.npy", "mask.npy")) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(
            name.startsWith("q") ? npy("<f8", false, "(2, 2)", 32) : npy("|b1", true, "(3,)", 3));
      }
    }
    return out.toByteArray();
  }
}
