package dev.assay.gradcheck.export;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.assay.gradcheck.suite.CaseDocument.Configuration;
import dev.assay.gradcheck.suite.Samples;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * What an implementation is asked: a case of the suite without its answers. The fields are those of
 * {@link dev.assay.gradcheck.suite.CaseDocument}, so that a reader of the suite reads an export.
 *
 * @param schema {@value #SCHEMA}
 * @param inputs tensors of the safetensors file beside this one
 * @param expect results and their extents
 * @param samples of a recipe the rows of the results that are expected; else left out
 */
public record Prompt(
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
    SequencedMap<String, Shown> inputs,
    SequencedMap<String, Shown> expect,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Samples samples) {
  /** The identifier of this form of document. */
  public static final String SCHEMA = "assay-prompt-1";

  /**
   * A tensor.
   *
   * @param dtype its type in the file; of a result, that of its golden value
   * @param shape its extents
   */
  public record Shown(String dtype, List<Integer> shape) {}

  /**
   * The file {@code suite.json} of an export.
   *
   * @param schema {@value #SCHEMA}
   * @param id of the suite
   * @param version of the suite
   * @param layout order of the axes of all tensors of tokens: bhsd or bshd
   * @param dtype type that all floating inputs were given, or null for that of each case
   * @param bounds class that bounds were written for, or null
   * @param answers whether the answers were written too
   * @param cases where each lies, by name
   */
  public record Index(
      String schema,
      String id,
      String version,
      String layout,
      @Nullable String dtype,
      @Nullable String bounds,
      boolean answers,
      SequencedMap<String, Entry> cases) {
    /** The identifier of this form of document. */
    public static final String SCHEMA = "assay-prompts-1";

    /** Name of the file. */
    public static final String FILE = "suite.json";
  }

  /**
   * Where a case lies.
   *
   * @param tcId its number
   * @param file path of its files without their endings
   */
  public record Entry(int tcId, String file) {}
}
