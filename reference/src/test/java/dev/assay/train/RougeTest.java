package dev.assay.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class RougeTest {
  private static final double NEAR = 1e-12;

  @Test
  void rouge_n_counts_common_runs_as_often_as_both_have_them() {
    Rouge.Score one = Rouge.n("the the cat", "the cat sat", 1);
    assertEquals(2.0 / 3, one.precision(), NEAR);
    assertEquals(2.0 / 3, one.recall(), NEAR);
    Rouge.Score two = Rouge.n("the the cat", "the cat sat", 2);
    assertEquals(0.5, two.precision(), NEAR);
    assertEquals(0.5, two.f1(), NEAR);
  }

  @Test
  void rouge_l_finds_a_common_subsequence() {
    Rouge.Score score = Rouge.l("police kill the gunman", "police killed the gunman");
    assertEquals(0.75, score.f1(), NEAR);
    assertEquals(0.5, Rouge.l("the gunman kill police", "police killed the gunman").f1(), NEAR);
  }

  @Test
  void rouge_lsum_joins_the_subsequences_of_all_sentences() {
    // The example of Lin's section 3.2: w1 w2 w3 w4 w5 against w1 w2 w6 w7 w8 and w1 w3 w8 w9 w5.
    Rouge.Score score = Rouge.lSum("w1 w2 w6 w7 w8\nw1 w3 w8 w9 w5", "w1 w2 w3 w4 w5");
    assertEquals(4.0 / 5, score.recall(), NEAR);
    assertEquals(4.0 / 10, score.precision(), NEAR);
  }

  @Test
  void case_and_marks_do_not_count() {
    assertEquals(1, Rouge.n("Hello, World!", "hello world", 1).f1());
  }

  @Test
  void nothing_scores_nothing() {
    assertEquals(0, Rouge.n("", "a", 1).f1());
    assertEquals(0, Rouge.l("a", "").f1());
    assertEquals(0, Rouge.lSum("", "").f1());
  }
}
