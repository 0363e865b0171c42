package dev.assay.cli;

import dev.assay.check.Require;
import dev.assay.file.TensorFile;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * The tensors of some files together, under the names of here.
 *
 * @param tensors by name, in the files' order
 * @param origins the file of each
 */
record FileTensors(SequencedMap<String, Tensor> tensors, Map<String, Path> origins) {
  /**
   * Reads files; what a later one names wins nothing: names must differ.
   *
   * @throws IllegalArgumentException with one sentence, if a name comes twice
   */
  static FileTensors read(List<Path> files, TensorNames names) throws IOException {
    FileTensors all = new FileTensors(new LinkedHashMap<>(), new HashMap<>());
    for (Path path : files) {
      names
          .read(TensorFile.read(path))
          .forEach(
              (name, tensor) -> {
                Require.argument(
                    all.tensors.putIfAbsent(name, tensor) == null,
                    "%s brings the tensor %s a second time: --map renames or drops one",
                    path,
                    name);
                all.origins.put(name, path);
              });
    }
    return all;
  }
}
