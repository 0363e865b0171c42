package dev.assay.gradcheck.export;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * What an implementation is asked: a case without its answers.
 *
 * @param schema {@value #SCHEMA}
 * @param suite id of the suite
 * @param tcId number of the case
 * @param name name of the case
 * @param result valid, or refuse: then the inputs break a rule and must be refused
 * @param refuseCode which rule, or null
 * @param flags why the case exists
 * @param comment what it is for
 * @param layout order of the axes of all tensors of tokens: bhsd or bshd
 * @param op the operation, with every number worked out
 * @param inputs tensors of the safetensors file beside this one
 * @param wanted results and their extents
 * @param classes classes of precision in which results can be judged
 * @param inputsSha256 digest of the suite's inputs, to be handed in with the results
 */
public record Prompt(
    String schema,
    String suite,
    int tcId,
    String name,
    String result,
    @Nullable String refuseCode,
    List<String> flags,
    String comment,
    String layout,
    SequencedMap<String, Object> op,
    SequencedMap<String, Shown> inputs,
    SequencedMap<String, List<Integer>> wanted,
    List<String> classes,
    @JsonProperty("inputs_sha256") String inputsSha256) {
  /** The identifier of this form of document. */
  public static final String SCHEMA = "assay-prompt-1";

  /**
   * A tensor.
   *
   * @param dtype its type in the file
   * @param shape its extents
   */
  public record Shown(String dtype, List<Integer> shape) {}

  /**
   * The file {@code prompts.json} of an export.
   *
   * @param schema {@value #SCHEMA}
   * @param suite id of the suite
   * @param version of the suite
   * @param layout order of axes
   * @param dtype type that all floating inputs were given, or null for that of each case
   * @param bounds class that bounds were written for, or null
   * @param answers whether the answers were written too
   * @param cases names of the cases
   */
  public record Index(
      String schema,
      String suite,
      String version,
      String layout,
      @Nullable String dtype,
      @Nullable String bounds,
      boolean answers,
      List<String> cases) {
    /** Name of the file. */
    public static final String FILE = "prompts.json";
  }
}
