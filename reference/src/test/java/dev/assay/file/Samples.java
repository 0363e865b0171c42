package dev.assay.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The files that numpy and the safetensors package made; make_samples.py lies beside them. */
final class Samples {
  static final Path FOLDER = Path.of("src/test/resources/files");
  static final List<DType> TYPES =
      List.of(DType.F64, DType.F32, DType.F16, DType.I64, DType.I32, DType.I16, DType.I8, DType.U8);
  private static final Shape SHAPE = Shape.of(2, 3, 4);

  private Samples() {}

  static Tensor expected(DType dtype) {
    Tensor wide = Tensor.generate(SHAPE, p -> dtype == DType.BOOL ? third(p) : element(dtype, p));
    return switch (dtype) {
      case F32, F16, BF16 -> wide.to(Storage.F32);
      default -> wide;
    };
  }

  private static double third(int p) {
    return p % 3 == 0 ? 1 : 0;
  }

  private static double element(DType dtype, int p) {
    double x = dtype.floating() ? p / 2.0 : p;
    return dtype != DType.U8 && x % 2 == 1 ? -x : x;
  }

  /** Holds a file against what make_samples.py put into it. */
  static void check(TensorFile file) throws IOException {
    for (DType dtype : TYPES) {
      assertEquals(dtype, file.dtype(dtype.name()));
      assertSame(expected(dtype), file.tensor(dtype.name()), dtype.name());
    }
    assertEquals(DType.BOOL, file.dtype("BOOL"));
    assertSame(expected(DType.BOOL), file.tensor("BOOL"), "BOOL");
    assertSame(Tensor.scalar(2.5), file.tensor("scalar"), "scalar");
    assertEquals(Shape.of(0, 3), file.tensor("empty").shape());
    assertEquals(TYPES.size() + 3, file.names().size());
  }

  static void assertSame(Tensor expected, Tensor found, String name) {
    assertEquals(expected.shape(), found.shape(), name);
    assertEquals(true, expected.bitEquals(found), name + " differs in its bits");
  }
}
