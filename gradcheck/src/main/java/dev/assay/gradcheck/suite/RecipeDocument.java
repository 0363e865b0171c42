package dev.assay.gradcheck.suite;

import dev.assay.gradcheck.suite.CaseDocument.Configuration;
import dev.assay.gradcheck.suite.CaseDocument.Recipe;
import dev.assay.gradcheck.suite.CaseDocument.Stored;
import dev.assay.gradcheck.suite.Drawn.Piece;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The JSON file of a {@link RecipeCase}, field by field; {@code schema/recipe.schema.json}
 * describes it. What is not described here is as in {@link CaseDocument}.
 *
 * @param schema {@value #SCHEMA}
 * @param inputs tensors that are given: drawn, or in the safetensors file
 * @param expect tensors of the safetensors file that are the answer: a row for each sample
 * @param samples which rows of the results are expected
 */
public record RecipeDocument(
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
    SequencedMap<String, Input> inputs,
    SequencedMap<String, Stored> expect,
    Samples samples) {
  /** The identifier of this form of document. */
  public static final String SCHEMA = "assay-recipe-1";

  /**
   * An input.
   *
   * @param dtype its type in a file
   * @param shape its extents
   * @param gen how it is drawn, or null if it lies in the file
   * @param sha256 of its bytes in the file, or null if it is drawn
   * @param pieces parts of it with the digests of their bytes; none if it lies in the file
   */
  public record Input(
      String dtype,
      List<Integer> shape,
      @Nullable Recipe gen,
      @Nullable String sha256,
      List<Piece> pieces) {}
}
