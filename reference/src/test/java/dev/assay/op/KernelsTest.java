package dev.assay.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class KernelsTest {
  /** Kernels that write a number of their own, to be recognised by. */
  private record Marked(double mark) implements Kernels {
    @Override
    public String id() {
      return "marked";
    }

    @Override
    public void matMul(Matrix a, Matrix b, double[] y, int at, int n, int d, int m) {
      Arrays.fill(y, at, at + n * m, mark);
    }

    @Override
    public void softmax(double[] s, double[] y, int width) {
      Arrays.fill(y, mark);
    }

    @Override
    public void map(Function f, double[] x, double[] y) {
      Arrays.fill(y, mark);
    }
  }

  private static final Tensor X = Tensor.of(Shape.of(1, 1), 2);

  @Test
  void ops_use_other_kernels_only_inside_their_scope() {
    assertEquals(4, new MatMul().forward(List.of(X, X)).get(0));
    double inside = Kernels.with(new Marked(7), () -> new MatMul().forward(List.of(X, X)).get(0));
    assertEquals(7, inside);
    assertEquals(4, new MatMul().forward(List.of(X, X)).get(0));
  }

  @Test
  void the_heavy_ops_go_through_the_door() {
    Tensor keep = Tensor.of(Shape.of(1, 1), 1);
    Marked marked = new Marked(0.25);
    for (Primitive op : List.of(new Exp(), new Tanh(), new Sigmoid(), new MaskedSoftmax(keep))) {
      assertEquals(0.25, Kernels.with(marked, () -> op.forward(List.of(X)).get(0)), op.name());
    }
  }

  @Test
  void a_failure_leaves_the_scope() {
    assertThrows(
        IllegalStateException.class,
        () ->
            Kernels.with(
                new Marked(1),
                () -> {
                  throw new IllegalStateException("as planned");
                }));
    assertEquals("naive", Kernels.current().id());
  }
}
