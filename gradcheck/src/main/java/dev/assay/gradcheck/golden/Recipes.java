package dev.assay.gradcheck.golden;

import dev.assay.file.TensorFile;
import dev.assay.gradcheck.certified.Certificate;
import dev.assay.gradcheck.recipe.Gathering;
import dev.assay.gradcheck.recipe.RecipeProof;
import dev.assay.gradcheck.suite.Checksums;
import dev.assay.gradcheck.suite.Drawn.Piece;
import dev.assay.gradcheck.suite.Expectation;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.NativeTypes;
import dev.assay.gradcheck.suite.RecipeCase;
import dev.assay.gradcheck.suite.Samples;
import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.BinaryOperator;

/** Turns recipe drafts into recipes with proven answers. */
final class Recipes {
  private final BinaryOperator<String> bugClass;
  private final RecipeProof proof = new RecipeProof();

  /**
   * A writer of answers.
   *
   * @param bugClass gives the kind of fault for a case and its first flag
   */
  Recipes(BinaryOperator<String> bugClass) {
    this.bugClass = bugClass;
  }

  /** A recipe with its answers, and what is proven of them. */
  record ProvenRecipe(RecipeCase recipe, Proven proven) {}

  /** Computes the answers. */
  ProvenRecipe compute(RecipeDraft draft) throws IOException {
    Samples samples = new Samples(draft.sampledQueries(), draft.sampledKeys());
    Map<String, List<Piece>> pieces = new LinkedHashMap<>();
    for (String name : draft.drawn().sequencedKeySet()) {
      pieces.put(name, Objects.requireNonNull(draft.drawn().get(name)).pieces());
    }
    Map<String, String> digests = digests(draft);
    RecipeCase open =
        new RecipeCase(
            golden(draft, samples, unknown(draft, samples)), draft.drawn(), digests, pieces);
    SequencedMap<String, Certificate> certificates = proof.certify(Gathering.of(open));
    SequencedMap<String, Tensor> expect = new LinkedHashMap<>();
    certificates.forEach((name, certificate) -> expect.put(name, certificate.value()));
    GoldenCase golden = golden(draft, samples, expect);
    return new ProvenRecipe(
        new RecipeCase(golden, draft.drawn(), digests, pieces), new Proven(golden, certificates));
  }

  private static Map<String, String> digests(RecipeDraft draft) throws IOException {
    Map<String, String> digests = new LinkedHashMap<>();
    for (Map.Entry<String, Tensor> one : draft.given().entrySet()) {
      DType type =
          NativeTypes.input(draft.mechanism(), one.getKey(), one.getValue(), draft.dtype());
      TensorFile file = TensorFile.builder().put(one.getKey(), type, one.getValue()).build();
      digests.put(one.getKey(), Checksums.of(file.bytes(one.getKey())));
    }
    return digests;
  }

  /** Zeros in the place of answers that are not computed yet. */
  private static SequencedMap<String, Tensor> unknown(RecipeDraft draft, Samples samples) {
    List<Integer> q = draft.drawn().firstEntry().getValue().shape();
    SequencedMap<String, Tensor> zeros = new LinkedHashMap<>();
    for (String result : draft.results()) {
      int rows = samples.of(result).size();
      zeros.put(
          result,
          Tensor.zeros(result.equals("lse") ? Shape.of(rows) : Shape.of(rows, q.getLast())));
    }
    return zeros;
  }

  private GoldenCase golden(
      RecipeDraft draft, Samples samples, SequencedMap<String, Tensor> expect) {
    String name = RecipeCase.FAMILY + "/" + draft.name();
    return new GoldenCase(
        draft.id(),
        RecipeCase.FAMILY,
        name,
        draft.flags(),
        bugClass.apply(name, draft.flags().getFirst()),
        draft.comment(),
        draft.guards(),
        draft.mechanism(),
        draft.dtype(),
        draft.given(),
        expect,
        List.of(),
        null,
        draft.classes(),
        Expectation.VALID,
        null,
        samples);
  }
}
