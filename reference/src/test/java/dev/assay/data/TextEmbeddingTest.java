package dev.assay.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TextEmbeddingTest {
  private static final TextEmbedding EMBEDDING = new TextEmbedding(2, 16, 7);

  private static Tensor embed(String tensor, String text) {
    return Objects.requireNonNull(
        EMBEDDING.embed(text.getBytes(StandardCharsets.US_ASCII)).get(tensor));
  }

  @Test
  void the_key_behind_a_repeated_pair_equals_the_query_of_the_pair() {
    Tensor q = embed("q", "abcxabc");
    Tensor k = embed("k", "abcxabc");
    for (int c = 0; c < 16; c++) {
      // The query at the second b (5) has seen "ab"; the key at the first c (2) stands behind "ab".
      assertEquals(q.at(0, 1, 5, c), k.at(0, 1, 2, c));
    }
  }

  @Test
  void values_depend_on_the_token_alone() {
    Tensor v = embed("v", "axa");
    for (int c = 0; c < 16; c++) {
      assertEquals(v.at(0, 0, 0, c), v.at(0, 0, 2, c));
    }
  }

  @Test
  void heads_have_tables_of_their_own() {
    Tensor v = embed("v", "a");
    assertTrue(v.at(0, 0, 0, 0) != v.at(0, 1, 0, 0));
  }

  @Test
  void numbers_are_exact_in_single_precision() {
    Tensor q = embed("q", "sparse");
    for (int p = 0; p < q.size(); p++) {
      assertEquals((float) q.get(p), q.get(p));
    }
  }

  @Test
  void an_empty_text_is_refused() {
    assertThrows(IllegalArgumentException.class, () -> EMBEDDING.embed(new byte[0]));
  }
}
