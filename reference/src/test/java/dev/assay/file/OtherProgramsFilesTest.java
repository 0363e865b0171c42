package dev.assay.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that programs made which share no code with this one. */
class OtherProgramsFilesTest {
  private static final Path PEERS = Path.of("../../shared/data/peers");

  @Test
  void a_file_of_the_official_package_is_read() throws IOException {
    TensorFile file = TensorFile.read(Samples.FOLDER.resolve("official.safetensors"));
    Samples.check(file);
    assertEquals(Map.of("made by", "safetensors"), file.metadata());
  }

  @Test
  void numpys_stored_archive_is_read() throws IOException {
    Samples.check(TensorFile.read(Samples.FOLDER.resolve("stored.npz")));
  }

  @Test
  void a_deflated_archive_in_fortran_order_is_read_into_row_major_order() throws IOException {
    Samples.check(TensorFile.read(Samples.FOLDER.resolve("fortran-deflated.npz")));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void every_version_of_the_format_is_read(int version) throws IOException {
    String name = "version" + version;
    TensorFile file = TensorFile.read(Samples.FOLDER.resolve(name + ".npy"));
    assertEquals(List.of(name), List.copyOf(file.names()));
    assertEquals(DType.F32, file.dtype(name));
    Samples.assertSame(Samples.expected(DType.F32), file.tensor(name), name);
  }

  @Test
  void every_archive_of_other_programs_results_is_read() throws IOException {
    assumeTrue(Files.isDirectory(PEERS), "skipped: not there: " + PEERS);
    int files = 0;
    int tensors = 0;
    try (Stream<Path> all = Files.list(PEERS)) {
      for (Path file : all.filter(f -> f.toString().endsWith(".npz")).sorted().toList()) {
        files++;
        tensors += TensorFile.read(file).tensors().size();
      }
    }
    assertEquals(true, files >= 20 && tensors >= 200, files + " files, " + tensors + " tensors");
  }

  @Test
  void a_published_array_has_its_published_shape_and_type() throws IOException {
    Path path = PEERS.resolve("bcsr_seed13_gqa.npz");
    assumeTrue(Files.exists(path), "skipped: not there: " + path);
    TensorFile file = TensorFile.read(path);
    assertEquals(Shape.of(2, 4, 33, 8), file.shape("q"));
    assertEquals(DType.I32, file.dtype("col_idx"));
    Tensor bounds = file.tensor("q_bounds");
    assertEquals(33, bounds.get(bounds.size() - 1));
  }
}
