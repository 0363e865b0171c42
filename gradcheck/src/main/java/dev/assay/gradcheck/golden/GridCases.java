package dev.assay.gradcheck.golden;

import static dev.assay.gradcheck.golden.Configured.dense;
import static dev.assay.gradcheck.golden.Configured.window;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Mechanism;
import dev.assay.tensor.DType;
import java.util.ArrayList;
import java.util.List;

/**
 * Lengths around the tiles of kernels: tails, last keys, last queries, the corner of the frontier.
 */
final class GridCases {
  private GridCases() {}

  static Family family() {
    List<Draft> drafts = new ArrayList<>();
    drafts.add(plain(11001, 1, 203, DType.F32));
    drafts.add(plain(11002, 203, 1, DType.F32));
    drafts.add(plain(11003, 3, 63, DType.BF16));
    drafts.add(plain(11004, 63, 3, DType.F16));
    drafts.add(plain(11005, 64, 64, DType.F32));
    drafts.add(plain(11006, 65, 65, DType.BF16));
    drafts.add(plain(11007, 63, 65, DType.F16));
    drafts.add(plain(11009, 203, 113, DType.BF16));
    drafts.add(plain(11012, 129, 127, DType.F32));
    drafts.add(causal(11021, 1, 65, DType.F32));
    drafts.add(causal(11022, 3, 203, DType.BF16));
    drafts.add(causal(11023, 63, 63, DType.F32));
    drafts.add(causal(11024, 64, 65, DType.F16));
    drafts.add(causal(11025, 65, 64, DType.BF16));
    drafts.add(causal(11027, 113, 113, DType.F16));
    drafts.add(causal(11028, 113, 203, DType.BF16));
    drafts.add(causal(11030, 128, 127, DType.F16));
    drafts.add(causal(11031, 129, 129, DType.BF16));
    drafts.add(causal(11033, 203, 3, DType.F32));
    drafts.add(windowed(11041, 65, 65, 64));
    drafts.add(windowed(11043, 129, 129, 17));
    return new Family("grid", drafts);
  }

  private static Draft plain(int id, int nq, int nk, DType dtype) {
    return draft(id, "dense", dense(), nq, nk, dtype, "LastKey", "RaggedBlock");
  }

  private static Draft causal(int id, int nq, int nk, DType dtype) {
    String flag = nq == nk ? "CausalEqual" : nq < nk ? "CausalUnequal" : "CausalMoreQueries";
    return draft(id, "causal", dense("causal=true"), nq, nk, dtype, flag, "LastQuery");
  }

  private static Draft windowed(int id, int nq, int nk, int keys) {
    return draft(id, "window-" + keys, window(keys), nq, nk, DType.F32, "WindowEdge");
  }

  private static Draft draft(
      int id, String kind, Mechanism mechanism, int nq, int nk, DType dtype, String... flags) {
    return Draft.of(
        Case.of(id, kind + "-" + nq + "-" + nk, mechanism).dtype(dtype).qkv(1, 1, 1, nq, nk, 4, 4),
        nq + " queries and " + nk + " keys: what lies beside a tile of 64 or 128 is not lost.",
        flags);
  }
}
