package dev.assay.gradcheck.mutant;

import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.tensor.DType;
import java.util.List;
import java.util.stream.Stream;

/** Too few bits, or the wrong rounding. */
final class PrecisionMutants {
  private static final Form BF16 = Form.USUAL.in(PrecisionClass.BF16_FLASH);

  private PrecisionMutants() {}

  private static Mutant mutant(String id, String fault, SoftmaxLines wrong, String... upstream) {
    return Mutant.of(id, MutantFamily.PRECISION, fault, Lines.with(wrong), upstream);
  }

  private static Mutant score(String id, String fault, ScoreLines wrong, String... upstream) {
    return Mutant.of(id, MutantFamily.PRECISION, fault, Lines.with(wrong), upstream);
  }

  /** The upper half of the bits: bfloat16 without rounding. */
  private static float truncated(float x) {
    return Float.intBitsToFloat(Float.floatToRawIntBits(x) & 0xFFFF0000);
  }

  static List<Mutant> all() {
    return Stream.of(storage(), sums(), scores()).flatMap(List::stream).toList();
  }

  private static List<Mutant> storage() {
    return List.of(
        mutant(
                "M99",
                "Probabilities are truncated to bfloat16, not rounded.",
                new SoftmaxLines() {
                  @Override
                  float stored(float p, DType storage) {
                    return truncated(p);
                  }
                })
            .in(BF16),
        mutant(
                "M100",
                "Results are truncated to bfloat16, not rounded.",
                new SoftmaxLines() {
                  @Override
                  float result(float x, DType storage) {
                    return truncated(x);
                  }
                })
            .in(BF16),
        mutant(
                "M101",
                "The LSE is rounded to bfloat16.",
                new SoftmaxLines() {
                  @Override
                  float lse(float max, float sum) {
                    return (float) DType.BF16.round(super.lse(max, sum));
                  }
                })
            .in(BF16),
        mutant(
            "M102",
            "Results of binary32 pass through bfloat16.",
            new SoftmaxLines() {
              @Override
              float result(float x, DType storage) {
                return (float) DType.BF16.round(x);
              }
            }));
  }

  private static List<Mutant> sums() {
    return List.of(
        mutant(
                "M103",
                "The denominator is summed from rounded probabilities.",
                new SoftmaxLines() {
                  @Override
                  float summand(float p, float keep, DType storage) {
                    return (float) storage.round(p);
                  }
                })
            .in(BF16),
        mutant(
                "M104",
                "The output is accumulated in bfloat16.",
                new SoftmaxLines() {
                  @Override
                  float accumulate(float acc, float alpha, float tile) {
                    return (float) DType.BF16.round(acc * alpha + tile);
                  }
                })
            .in(new Form(PrecisionClass.BF16_FLASH, 2, Form.Order.ASCENDING, 1, 1)),
        mutant(
            "M105",
            "Exponents are rounded to binary16.",
            new SoftmaxLines() {
              @Override
              float weight(float s, float shift) {
                return exp((float) DType.F16.round(s - shift));
              }
            }));
  }

  private static List<Mutant> scores() {
    return List.of(
        score(
                "M106",
                "Logits are rounded to bfloat16.",
                new ScoreLines() {
                  @Override
                  float scaled(float dot, float scale, int channels) {
                    return (float) DType.BF16.round(dot * scale);
                  }
                })
            .in(BF16),
        score(
            "M107",
            "q . k is a product of numbers of eleven bits, as in TF32.",
            new ScoreLines() {
              @Override
              float dot(Form form, float[] q, int qAt, float[] k, int kAt, int depth) {
                return form.dot(tf32(q, qAt, depth), 0, tf32(k, kAt, depth), 0, depth);
              }
            }));
  }

  private static float[] tf32(float[] row, int from, int depth) {
    float[] rounded = new float[depth];
    for (int c = 0; c < depth; c++) {
      rounded[c] = Float.intBitsToFloat(Float.floatToRawIntBits(row[from + c]) + 0x1000 & ~0x1FFF);
    }
    return rounded;
  }
}
