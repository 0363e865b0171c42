package dev.assay.gradcheck.conformance;

import dev.assay.gradcheck.bound.Declared;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.NativeTypes;
import dev.assay.mechanism.Mechanism;
import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** A case of the suite with other inputs, or other results for right. */
final class Recast {
  private Recast() {}

  /** With other inputs. */
  static GoldenCase of(GoldenCase golden, SequencedMap<String, Tensor> inputs) {
    return of(golden, golden.mechanism(), inputs, golden.expect(), golden.exact(), golden.twin());
  }

  /**
   * As it is asked of whoever declares something: with parts joined by their LSEs no number is
   * exact any more, and only choices stay so.
   */
  static GoldenCase asked(GoldenCase golden, Declared declared) {
    if (!declared.joinByLse()) {
      return golden;
    }
    List<String> choices =
        golden.exact().stream()
            .filter(
                name -> {
                  Tensor expected = golden.expect().get(name);
                  return expected != null
                      && NativeTypes.expected(golden.mechanism(), name, expected) != DType.F64;
                })
            .toList();
    return choices.size() == golden.exact().size()
        ? golden
        : of(golden, golden.mechanism(), golden.expect(), choices, golden.twin());
  }

  /** With no inputs, and with a zero for all results. */
  static GoldenCase withoutTensors(GoldenCase golden) {
    SequencedMap<String, Tensor> zero = new LinkedHashMap<>();
    zero.put("out", Tensor.zeros(Shape.of()));
    return of(golden, golden.mechanism(), new LinkedHashMap<>(), zero, List.of(), null);
  }

  /** With another configuration and other results. */
  static GoldenCase of(
      GoldenCase golden,
      Mechanism mechanism,
      SequencedMap<String, Tensor> expect,
      List<String> exact,
      @Nullable String twin) {
    return of(golden, mechanism, golden.inputs(), expect, exact, twin);
  }

  private static GoldenCase of(
      GoldenCase golden,
      Mechanism mechanism,
      SequencedMap<String, Tensor> inputs,
      SequencedMap<String, Tensor> expect,
      List<String> exact,
      @Nullable String twin) {
    return new GoldenCase(
        golden.tcId(),
        golden.family(),
        golden.name(),
        golden.flags(),
        golden.bugClass(),
        golden.comment(),
        golden.guards(),
        mechanism,
        golden.dtype(),
        inputs,
        expect,
        exact,
        twin,
        golden.classes(),
        golden.result(),
        golden.refuseCode(),
        golden.samples());
  }
}
