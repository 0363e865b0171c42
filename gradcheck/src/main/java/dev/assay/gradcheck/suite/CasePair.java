package dev.assay.gradcheck.suite;

import dev.assay.file.FormatException;
import dev.assay.file.Json;
import dev.assay.file.Safetensors;
import dev.assay.file.TensorFile;
import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The two files of a case: {@code <stem>.json} and the {@code <stem>.safetensors} that it speaks
 * of, both with the digests that the suite lists.
 *
 * @param folder of the suite
 * @param stem path within the folder, without ending
 * @param sums the folder's digests
 */
record CasePair(Path folder, String stem, Map<String, String> sums) {
  /** The document, not yet held against anything. */
  <T> T document(Class<T> type) throws IOException {
    return Json.read(json(), bytes(".json"), type);
  }

  /** The tensors. */
  TensorFile tensors() throws IOException {
    String source = folder.resolve(stem + ".safetensors").toString();
    return Safetensors.read(source, bytes(".safetensors"));
  }

  private String json() {
    return folder + "/" + stem + ".json";
  }

  private byte[] bytes(String ending) throws IOException {
    return Checksums.checked(folder, stem + ending, sums);
  }

  /** Checks that the document is of the kind that it was read as. */
  void checkSchema(String found, String wanted) throws FormatException {
    if (!found.equals(wanted)) {
      throw fault("schema", "is '" + found + "', not " + wanted);
    }
  }

  /** Checks that a tensor is what the document says. */
  void check(TensorFile file, String name, String dtype, List<Integer> extents)
      throws FormatException {
    Shape shape = file.shape(name);
    if (!shape.equals(Shape.of(extents.stream().mapToInt(Integer::intValue).toArray()))) {
      throw fault(name + ".shape", "is " + extents + ", but the tensor's is " + shape);
    }
    DType type = file.dtype(name);
    if (!type.name().equals(dtype)) {
      throw fault(name + ".dtype", "is " + dtype + ", but the tensor's is " + type);
    }
  }

  /** A fault of the document. */
  FormatException fault(String field, String rule) {
    return new FormatException(json(), field, rule);
  }

  /** A document whose fields do not fit together. */
  FormatException broken(RuntimeException why) {
    return new FormatException(json(), "case", String.valueOf(why.getMessage()), why);
  }
}
