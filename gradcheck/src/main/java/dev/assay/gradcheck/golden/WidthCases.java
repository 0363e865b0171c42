package dev.assay.gradcheck.golden;

import static dev.assay.gradcheck.golden.Configured.dense;
import static dev.assay.gradcheck.golden.Configured.window;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.Mechanism;
import dev.assay.tensor.DType;
import java.util.List;
import java.util.Locale;

/** The head dimensions of real models; the wide ones forward only, to stay small. */
final class WidthCases {
  private WidthCases() {}

  static Family family() {
    return new Family(
        "width",
        List.of(
            draft(both(21001, dense("causal=true"), DType.BF16, 33, 16)),
            draft(both(21002, dense("causal=true"), DType.F16, 33, 16)),
            draft(both(21003, dense(), DType.BF16, 17, 32)),
            draft(both(21004, dense(), DType.F32, 17, 32)),
            draft(forward(21007, dense(), DType.F32, 17, 64)),
            draft(forward(21008, window(17), DType.BF16, 33, 64)),
            draft(forward(21009, dense("causal=true"), DType.BF16, 17, 128)),
            draft(forward(21011, dense(), DType.BF16, 9, 256)),
            draft(both(21012, dense(), DType.BF16, 9, 64)),
            draft(both(21013, dense("causal=true"), DType.F16, 9, 64))));
  }

  private static CaseBuilder both(int id, Mechanism mechanism, DType dtype, int n, int d) {
    String name = mechanism.id() + "-" + d + "-" + dtype.name().toLowerCase(Locale.ROOT) + "-" + n;
    return Case.of(id, name, mechanism).dtype(dtype).qkv(1, 1, 1, n, n, d, d);
  }

  private static CaseBuilder forward(int id, Mechanism mechanism, DType dtype, int n, int d) {
    return both(id, mechanism, dtype, n, d).without("d_out").without("d_lse");
  }

  private static Draft draft(CaseBuilder problem) {
    return Draft.of(problem, "A head dimension of real models.", "Basic");
  }
}
