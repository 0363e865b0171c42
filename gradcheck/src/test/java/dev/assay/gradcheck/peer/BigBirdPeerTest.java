package dev.assay.gradcheck.peer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.tensor.Tensor;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The random blocks that BigBird of Hugging Face drew. */
class BigBirdPeerTest {
  @Test
  void its_random_blocks_come_from_where_the_plan_says() throws IOException {
    Tensor drawn = PeerCase.of("hf_bigbird_r1").tensor("rand_attn");
    for (int p = 0; p < drawn.size(); p++) {
      int row = drawn.shape().index(p)[1] + 1;
      double column = drawn.get(p);
      assertTrue(column >= 1 && column <= 5 && Math.abs(column - row) > 1, row + ": " + column);
    }
  }
}
