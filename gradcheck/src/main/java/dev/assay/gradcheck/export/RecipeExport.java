package dev.assay.gradcheck.export;

import dev.assay.file.Json;
import dev.assay.file.Safetensors;
import dev.assay.file.SafetensorsStream;
import dev.assay.file.SafetensorsStream.Source;
import dev.assay.file.TensorFile;
import dev.assay.gradcheck.bound.Declared;
import dev.assay.gradcheck.export.Prompt.Shown;
import dev.assay.gradcheck.recipe.RecipeBounds;
import dev.assay.gradcheck.suite.CaseDocument.Configuration;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.NativeTypes;
import dev.assay.gradcheck.suite.Operation;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.RecipeCase;
import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the whole inputs of a recipe, without holding them in memory: {@code regen/case.json} and
 * {@code regen/case.safetensors}, and if wanted bounds and answers of the sampled rows.
 *
 * @param recipe which one
 * @param bounds class whose bounds are written, or null
 * @param answers whether the answers are written
 */
public record RecipeExport(RecipeCase recipe, @Nullable PrecisionClass bounds, boolean answers) {
  /** A tensor that is in memory. */
  private record Held(DType dtype, Tensor tensor) implements Source {
    @Override
    public List<Integer> shape() {
      return Arrays.stream(tensor.shape().toArray()).boxed().toList();
    }

    @Override
    public Tensor piece(long first, int count) {
      return Tensor.generate(Shape.of(count), p -> tensor.get((int) first + p));
    }
  }

  /** How many elements all inputs have. */
  public long elements() {
    return inputs().values().stream().mapToLong(Source::elements).sum();
  }

  /** The bytes of all inputs. */
  public long bytes() {
    return SafetensorsStream.bytes(inputs());
  }

  /**
   * Writes the files into a folder, which may hold others.
   *
   * @param progress is told how many elements were written, again and again
   * @throws IOException with one sentence, if the disk is too small or a file cannot be written
   */
  public void write(Path folder, LongConsumer progress) throws IOException {
    GoldenCase golden = recipe.golden();
    Path stem = folder.resolve(golden.name());
    Files.createDirectories(stem.resolveSibling(""));
    long room = Files.getFileStore(folder).getUsableSpace();
    if (room < bytes()) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s has room for %.2f GB, but the inputs of %s take %.2f GB: name another folder",
              folder,
              room / 1e9,
              golden.name(),
              bytes() / 1e9));
    }
    SafetensorsStream.write(beside(stem, ".safetensors"), inputs(), progress);
    if (answers) {
      Safetensors.write(beside(stem, ".answers.safetensors"), rows(golden.expect()).build());
    }
    if (bounds != null) {
      Map<String, Tensor> found = RecipeBounds.of(recipe, bounds, Declared.NOTHING);
      Safetensors.write(
          beside(stem, ".bounds.safetensors"), rows(found).metadata("class", bounds.id()).build());
    }
    Json.write(beside(stem, ".json"), prompt());
  }

  private static Path beside(Path stem, String ending) {
    return stem.resolveSibling(stem.getFileName() + ending);
  }

  private static TensorFile.Builder rows(Map<String, Tensor> tensors) {
    TensorFile.Builder file = TensorFile.builder();
    tensors.forEach((name, tensor) -> file.put(name, DType.F64, tensor));
    return file;
  }

  private SequencedMap<String, Source> inputs() {
    GoldenCase golden = recipe.golden();
    SequencedMap<String, Source> inputs = new LinkedHashMap<>(recipe.drawn());
    golden
        .inputs()
        .forEach(
            (name, tensor) -> {
              DType type = NativeTypes.input(golden.mechanism(), name, tensor, golden.dtype());
              inputs.put(name, new Held(type, tensor));
            });
    return inputs;
  }

  private Prompt prompt() {
    GoldenCase golden = recipe.golden();
    SequencedMap<String, Shown> given = new LinkedHashMap<>();
    inputs().forEach((name, one) -> given.put(name, new Shown(one.dtype().name(), one.shape())));
    SequencedMap<String, Shown> expect = new LinkedHashMap<>();
    golden
        .expect()
        .forEach(
            (name, tensor) ->
                expect.put(name, new Shown(DType.F64.name(), new Held(DType.F64, tensor).shape())));
    return new Prompt(
        Prompt.SCHEMA,
        golden.tcId(),
        golden.name(),
        golden.family(),
        golden.result().name().toLowerCase(Locale.ROOT),
        null,
        golden.flags(),
        golden.bugClass(),
        golden.comment(),
        golden.guards(),
        golden.dtype().name(),
        golden.classes(),
        golden.exact(),
        null,
        Operation.of(recipe),
        new Configuration(golden.mechanism().id(), Operation.settings(golden.mechanism())),
        given,
        expect,
        recipe.samples());
  }
}
