package dev.assay.wiring;

import dev.assay.check.Require;
import java.util.List;
import java.util.stream.Stream;

/** All functions that wirings can call. */
public final class Functions {
  private static final List<Function> ALL =
      Stream.of(LayerFunctions.ALL, ShapeFunctions.ALL, ChoiceFunctions.ALL)
          .flatMap(List::stream)
          .toList();

  private Functions() {}

  /** Layers first, then what only turns tensors, then what makes choices. */
  public static List<Function> all() {
    return ALL;
  }

  /**
   * The function of that name.
   *
   * @throws IllegalArgumentException that names all, if there is none
   */
  public static Function find(String name) {
    return ALL.stream()
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no function '%s': there are %s"
                        .formatted(name, ALL.stream().map(Function::name).toList())));
  }

  /** A tensor's extents as they must be for a function. */
  static void rank(String signature, int rank, int needed) {
    Require.argument(
        rank == needed, "%s got a tensor of rank %d: rank %d is needed", signature, rank, needed);
  }
}
