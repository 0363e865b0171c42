package dev.assay.mechanism;

import dev.assay.check.Require;
import dev.assay.tensor.DType;
import dev.assay.tensor.Distribution;
import dev.assay.tensor.Philox;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/**
 * A named small problem of a mechanism. Its random tensors are a function of {@link #SEED}, the
 * tensor's name and the case's number, so numbers are frozen once goldens were made from them.
 *
 * @param id number, unique over all cases
 * @param name kebab case, unique within the mechanism
 * @param mechanism the configuration
 * @param dtype type that random tensors are rounded to
 * @param draws tensors to draw, by name
 * @param given tensors given literally, by name: choices, lengths, special values; they win over
 *     draws
 * @param roles what the case is used for
 * @param remark what it is for; kinks and ties, if it has any
 */
public record Case(
    int id,
    String name,
    Mechanism mechanism,
    DType dtype,
    SequencedMap<String, Draw> draws,
    Map<String, Tensor> given,
    Set<Role> roles,
    String remark) {
  /** First key word of every draw. */
  public static final int SEED = 0xA55A7;

  private static final List<String> STREAMS =
      List.of("q", "k", "v", "bias", "d_out", "d_lse", "past_k", "past_v");

  /** What a case is used for. */
  public enum Role {
    GRADIENT,
    GOLDEN,
    PARITY,
    BENCH
  }

  /**
   * How a tensor is drawn: element p is {@code distribution.value(Philox(SEED, stream, id), p,
   * shift)}, rounded.
   *
   * @param shape extents
   * @param distribution mapping of words to numbers
   * @param shift power of two
   */
  public record Draw(Shape shape, Distribution distribution, int shift) {
    /** The tensor of that name in the case of that number, as F64 holding values of the type. */
    Tensor tensor(String name, int id, DType dtype) {
      Philox generator = new Philox(SEED, stream(name), id);
      return Tensor.generate(shape, p -> dtype.round(distribution.value(generator, p, shift)));
    }
  }

  /**
   * Second key word for a tensor: its place in a fixed list, or for other names 64 + the CRC-32 of
   * the name.
   */
  public static int stream(String tensor) {
    int known = STREAMS.indexOf(tensor);
    if (known >= 0) {
      return known + 1;
    }
    java.util.zip.CRC32 crc = new java.util.zip.CRC32();
    crc.update(tensor.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return 64 + (int) (crc.getValue() & 0xFFFFFF);
  }

  /** All tensors of the case by name, as F64 holding values of {@link #dtype}. */
  public SequencedMap<String, Tensor> tensors() {
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    draws.forEach((tensor, draw) -> tensors.put(tensor, draw.tensor(tensor, id, dtype)));
    tensors.putAll(given);
    return tensors;
  }

  /** Starts a case. */
  public static CaseBuilder of(int id, String name, Mechanism mechanism) {
    Require.positive(id, "case number");
    return new CaseBuilder(id, name, mechanism);
  }

  /** Starts a case of a mechanism with these settings, each {@code key=value}. */
  public static CaseBuilder of(
      int id, String name, Class<? extends Mechanism> type, String... settings) {
    return of(id, name, Settings.make(type, Settings.parse(List.of(settings))));
  }
}
