package dev.assay.gradcheck.suite;

import dev.assay.check.Require;
import dev.assay.mechanism.Case;
import dev.assay.tensor.Distribution;
import dev.assay.tensor.Philox;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * A case's JSON file, field by field; {@code schema/case.schema.json} describes it. Real constants
 * are hexadecimal floats, so that no decimal conversion can change them.
 *
 * @param schema {@value #SCHEMA}
 * @param tcId see {@link GoldenCase}, as are all that are not described here
 * @param op the mechanism's configuration in plain terms, see {@link Operation}
 * @param mechanism which mechanism computes it, with all settings
 * @param inputs tensors of the safetensors file that are given
 * @param expect tensors of the safetensors file that are the answer
 */
public record CaseDocument(
    String schema,
    int tcId,
    String name,
    String family,
    String result,
    @Nullable String refuseCode,
    List<String> flags,
    String bugClass,
    String comment,
    List<String> guards,
    String dtype,
    List<String> classes,
    List<String> exact,
    @Nullable String twin,
    SequencedMap<String, Object> op,
    Configuration mechanism,
    SequencedMap<String, Stored> inputs,
    SequencedMap<String, Stored> expect) {
  /** The identifier of this form of document. */
  public static final String SCHEMA = "assay-case-1";

  /**
   * A mechanism by name.
   *
   * @param id of the catalogue
   * @param settings all of them, as they would be typed
   */
  public record Configuration(String id, SequencedMap<String, String> settings) {}

  /**
   * A tensor of the safetensors file beside the document.
   *
   * @param dtype its type there
   * @param shape its extents
   * @param gen how it was drawn, or null if it was written down
   * @param sha256 of its bytes there: little-endian, row-major
   */
  public record Stored(String dtype, List<Integer> shape, @Nullable Recipe gen, String sha256) {}

  /**
   * How a tensor can be drawn again, without the file.
   *
   * @param alg always {@value #ALGORITHM}
   * @param key the two key words, hexadecimal
   * @param counter the third counter word, hexadecimal; the first two are the element's index, the
   *     fourth is 0
   * @param dist the {@link dev.assay.tensor.Distribution} in lower case
   * @param shift power of two
   */
  public record Recipe(String alg, List<String> key, String counter, String dist, int shift) {
    /** The one generator. */
    public static final String ALGORITHM = "philox4x32-10";

    /** The recipe of a tensor of a case. */
    public static Recipe of(int tcId, String tensor, Distribution distribution, int shift) {
      return new Recipe(
          ALGORITHM,
          List.of(hex(Case.SEED), hex(Case.stream(tensor))),
          hex(tcId),
          distribution.name().toLowerCase(Locale.ROOT),
          shift);
    }

    /**
     * The generator that it names.
     *
     * @throws IllegalArgumentException if it is another one, or its words are no words
     */
    public Philox generator() {
      Require.argument(
          alg.equals(ALGORITHM) && key.size() == 2,
          "gen has the generator '%s' with a key of %d words: %s with 2 is known",
          alg,
          key.size(),
          ALGORITHM);
      return new Philox(word(key.get(0)), word(key.get(1)), word(counter));
    }

    private static String hex(int bits) {
      return String.format(Locale.ROOT, "0x%08x", bits);
    }

    private static int word(String text) {
      Require.argument(
          text.matches("0x[0-9a-f]{8}"), "gen has the word '%s': 0x and 8 digits are needed", text);
      return Integer.parseUnsignedInt(text, 2, text.length(), 16);
    }
  }
}
