package dev.assay.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.assay.train.Bleu.Smoothing;
import dev.assay.train.Bleu.Tokens;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The expected scores are those of sacreBLEU 2, as it printed them, to six decimals. */
class BleuTest {
  private static final double PRINTED = 1e-6;

  private static double score(Smoothing smoothing, String hypothesis, String reference) {
    return new Bleu(smoothing, Tokens.NONE, false)
        .score(List.of(hypothesis), List.of(List.of(reference)))
        .score();
  }

  @ParameterizedTest
  @CsvSource({
    "a b c d e f g h i,a b c d e f g h i j,89.483932,89.483932,89.483932,89.483932",
    "the the the the,the cat is on the mat,0,11.521591,5.795053,23.043182",
    "a b c,a b c,0,0,0,100",
    "the cat sat on a mat,the cat is on the mat,0,19.304870,10.266901,32.466792",
    "x y z w,a b c d,0,0,0,0",
  })
  void a_single_pair_scores_as_in_sacrebleu(
      String hypothesis, String reference, double none, double exp, double floor, double addK) {
    assertEquals(none, score(Smoothing.NONE, hypothesis, reference), PRINTED);
    assertEquals(exp, score(Smoothing.EXP, hypothesis, reference), PRINTED);
    assertEquals(floor, score(Smoothing.FLOOR, hypothesis, reference), PRINTED);
    assertEquals(addK, score(Smoothing.ADD_K, hypothesis, reference), PRINTED);
  }

  @Test
  void a_corpus_adds_counts_before_it_divides() {
    Bleu.Score score =
        new Bleu(Smoothing.EXP, Tokens.NONE, false)
            .score(
                List.of(
                    "a b c d e f g h i",
                    "the the the the",
                    "a b c",
                    "the cat sat on a mat",
                    "x y z w"),
                List.of(
                    List.of("a b c d e f g h i j"),
                    List.of("the cat is on the mat"),
                    List.of("a b c"),
                    List.of("the cat is on the mat"),
                    List.of("a b c d")));
    assertEquals(49.967702, score.score(), PRINTED);
    assertEquals(0.891023, score.brevity(), PRINTED);
    assertEquals(26, score.length());
    assertEquals(29, score.referenceLength());
    assertEquals(100.0 * 18 / 26, score.precisions().getFirst(), 1e-12);
  }

  @Test
  void with_effective_order_a_short_sentence_can_be_perfect() {
    Bleu sentence = new Bleu(Smoothing.EXP, Tokens.NONE, true);
    assertEquals(100, sentence.score(List.of("a b c"), List.of(List.of("a b c"))).score(), PRINTED);
  }

  @Test
  void of_several_references_the_closest_length_and_the_largest_count_matter() {
    Bleu.Score score =
        new Bleu(Smoothing.NONE, Tokens.NONE, false)
            .score(List.of("a b c d e"), List.of(List.of("a b c d e f g", "a b x", "a b c d e f")));
    // Lengths 7, 3 and 6 for 5 tokens: 6 is closest.
    assertEquals(6, score.referenceLength());
    assertEquals(100 * StrictMath.exp(1 - 6.0 / 5), score.score(), PRINTED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Hello, world!|Hello , world !",
        "It costs 1,000.50 dollars.|It costs 1,000.50 dollars .",
        "a 5-day trip|a 5 - day trip",
        "well-known (sic)|well-known ( sic )",
        "R&amp;D &quot;x&quot;|R & D \" x \"",
        "don't stop|don't stop",
        "No. 5, please|No . 5 , please",
      })
  void lines_are_cut_by_the_rules_of_v13a(String line, String tokens) {
    assertEquals(tokens, String.join(" ", Tokens.V13A.of(line)));
  }

  @Test
  void each_hypothesis_needs_references() {
    assertThrows(
        IllegalArgumentException.class, () -> Bleu.standard().score(List.of("a"), List.of()));
    assertThrows(
        IllegalArgumentException.class,
        () -> Bleu.standard().score(List.of("a"), List.of(List.of())));
  }
}
