package dev.assay.gradcheck.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.assay.autograd.Var;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.hashed.Informer;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The ProbSparse attention of Informer2020, over the keys that it had sampled. */
class InformerPeerTest {
  /** As the file states. */
  private static final double STATED = 1e-11;

  @Test
  void three_of_twenty_queries_attend_and_the_others_give_the_mean() throws IOException {
    PeerCase peer = PeerCase.of("informer_prob_cross", STATED);
    Informer informer = Settings.make(Informer.class, Map.of("factor", "1"));
    Map<String, Var> values =
        Map.of(
            "q", headsFirst(peer.var("q")),
            "k", headsFirst(peer.var("k")),
            "v", headsFirst(peer.var("v")));
    Answer answer = peer.define(informer, values, Map.of("sampled", peer.tensor("index_sample")));
    double[] published = peer.tensor("M_top").toDoubles();
    Arrays.sort(published, 0, 3);
    Arrays.sort(published, 3, 6);
    peer.agrees(
        "M_top",
        Objects.requireNonNull(answer.choices().get("idx")),
        Tensor.of(Shape.of(1, 2, 3), published));
    assertEquals(gap(peer.tensor("M")), answer.margin(), STATED, "the gap below the third best");
    peer.agrees(Ops.permute(answer.out(), 0, 2, 1, 3));
  }

  /** The least distance between the third and the fourth of the measures of a head. */
  private static double gap(Tensor measures) {
    double gap = Double.POSITIVE_INFINITY;
    int n = measures.shape().extent(2);
    for (int head = 0; head < 2; head++) {
      double[] sorted = Arrays.copyOfRange(measures.toDoubles(), head * n, (head + 1) * n);
      Arrays.sort(sorted);
      gap = Math.min(gap, sorted[n - 3] - sorted[n - 4]);
    }
    return gap;
  }

  /** [B, n, H, d] as [B, H, n, d]. */
  private static Var headsFirst(Var x) {
    return Ops.permute(x, 0, 2, 1, 3);
  }
}
