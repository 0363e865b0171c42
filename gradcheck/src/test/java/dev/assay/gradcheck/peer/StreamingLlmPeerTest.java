package dev.assay.gradcheck.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.assay.autograd.Var;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.StreamingLlm;
import dev.assay.nn.Heads;
import dev.assay.nn.Linear;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** mit-han-lab/streaming-llm: a cache of 2 + 6 keys, emptied behind each of five chunks. */
class StreamingLlmPeerTest {
  private static final int[] CHUNKS = {6, 4, 1, 1, 3};
  private static final int HEADS = 2;

  private static StreamingLlm streaming() {
    return Settings.make(StreamingLlm.class, Map.of("sinks", "2", "recent", "6", "evict", "AFTER"));
  }

  @Test
  void outputs_of_every_chunk_agree() throws IOException {
    PeerCase peer = PeerCase.of("streaming_llm_after");
    Var x = tokens(peer);
    Var q = Heads.split(peer.linear("q_proj").of(x), HEADS);
    Var k = Heads.split(peer.linear("k_proj").of(x), HEADS);
    Var v = Heads.split(peer.linear("v_proj").of(x), HEADS);
    Tensor chunks = Tensor.generate(Shape.of(CHUNKS.length), p -> CHUNKS[p]);
    Var heads =
        peer.define(streaming(), Map.of("q", q, "k", k, "v", v), Map.of("chunks", chunks)).out();
    Linear out = peer.linear("o_proj");
    int from = 0;
    for (int step = 0; step < CHUNKS.length; step++) {
      int to = from + CHUNKS[step];
      peer.agrees("out" + step, out.of(Ops.slice(Heads.join(heads), 1, from, to)));
      from = to;
    }
  }

  private static Var tokens(PeerCase peer) {
    List<Var> steps = new ArrayList<>();
    for (int step = 0; step < CHUNKS.length; step++) {
      steps.add(peer.var("x" + step));
    }
    return Ops.concat(1, steps.toArray(Var[]::new));
  }

  @Test
  void the_last_query_of_every_chunk_sees_the_keys_that_were_cached() throws IOException {
    PeerCase peer = PeerCase.of("streaming_llm_after");
    Tensor any = Tensor.zeros(Shape.of(1, 1, 15, 2));
    Tensor chunks = Tensor.generate(Shape.of(CHUNKS.length), p -> CHUNKS[p]);
    Map<String, Tensor> tensors = Map.of("q", any, "k", any, "v", any, "chunks", chunks);
    Mechanism.Rules rules = streaming().rules(Evaluation.define(streaming(), tensors).inputs());
    int last = -1;
    for (int step = 0; step < CHUNKS.length; step++) {
      last += CHUNKS[step];
      List<Double> seen = new ArrayList<>();
      for (int j = 0; j < 15; j++) {
        if (!rules.of(0, 0, last, j).equals(Mechanism.NOT_ATTENDED)) {
          seen.add((double) j);
        }
      }
      List<Double> published = new ArrayList<>();
      for (double token : peer.tensor("keys_seen" + step).toDoubles()) {
        published.add(token);
      }
      assertEquals(published, seen, "step " + step);
    }
  }
}
