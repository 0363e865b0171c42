package dev.assay.gradcheck.mutant;

import dev.assay.gradcheck.mutant.Form.Order;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.tensor.DType;
import java.util.List;
import java.util.stream.Stream;

/** Wrong weights from right pairs. */
final class SoftmaxMutants {
  private static final float LOG_2 = (float) StrictMath.log(2);

  private SoftmaxMutants() {}

  private static Mutant mutant(String id, String fault, SoftmaxLines wrong, String... upstream) {
    return Mutant.of(id, MutantFamily.SOFTMAX, fault, Lines.with(wrong), upstream);
  }

  private static Mutant score(String id, String fault, ScoreLines wrong, String... upstream) {
    return Mutant.of(id, MutantFamily.SOFTMAX, fault, Lines.with(wrong), upstream);
  }

  static List<Mutant> all() {
    return Stream.of(maxima(), sums(), logSums(), scores()).flatMap(List::stream).toList();
  }

  private static List<Mutant> maxima() {
    return List.of(
        mutant(
            "M22",
            "No maximum is subtracted.",
            new SoftmaxLines() {
              @Override
              float max(float max, float s, int tile) {
                return 0;
              }
            },
            "pytorch/executorch#18407"),
        mutant(
                "M23",
                "The maximum is that of the first tile.",
                new SoftmaxLines() {
                  @Override
                  float max(float max, float s, int tile) {
                    return tile == 0 ? Math.max(max, s) : max;
                  }
                })
            .in(new Form(PrecisionClass.F32_FLASH, 2, Order.ASCENDING, 1, 1)),
        mutant(
            "M24",
            "The maximum begins at 0: rows of very negative logits underflow.",
            new SoftmaxLines() {
              @Override
              float firstMax() {
                return 0;
              }
            }),
        mutant(
            "M25",
            "A first tile that is masked wholly makes the row NaN: -inf minus -inf.",
            new SoftmaxLines() {
              @Override
              float shift(float max) {
                return max;
              }
            },
            "vllm-project/vllm#48364"),
        mutant(
            "M26",
            "Nothing is rescaled when the maximum rises.",
            new SoftmaxLines() {
              @Override
              float rescale(float before, float shift) {
                return 1;
              }
            }),
        mutant(
            "M27",
            "When the maximum rises, only the sum is rescaled.",
            new SoftmaxLines() {
              @Override
              float accumulate(float acc, float alpha, float tile) {
                return acc + tile;
              }
            }),
        mutant(
            "M28",
            "When the maximum rises, only the output is rescaled.",
            new SoftmaxLines() {
              @Override
              float sum(float sum, float alpha, float tile) {
                return sum + tile;
              }
            }));
  }

  private static List<Mutant> sums() {
    return List.of(
        mutant(
            "M29",
            "An empty row is 0/0.",
            new SoftmaxLines() {
              @Override
              float out(float acc, float sum) {
                return acc / sum;
              }
            },
            "tracel-ai/cubecl#1070",
            "ml-explore/mlx#2608",
            "pytorch/pytorch#41508"),
        mutant(
            "M30",
            "The denominator has a guard of 0.00001.",
            new SoftmaxLines() {
              @Override
              float out(float acc, float sum) {
                return acc / (sum + 1e-5f);
              }
            }),
        mutant(
            "M31",
            "The denominator counts one more key, as heavy as the heaviest of the row.",
            new SoftmaxLines() {
              @Override
              float out(float acc, float sum) {
                return acc / (sum + 1);
              }
            }),
        mutant(
            "M32",
            "Dropped pairs are missing in the denominator.",
            new SoftmaxLines() {
              @Override
              float summand(float p, float keep, DType storage) {
                return p * keep;
              }
            }),
        mutant(
            "M33",
            "Kept pairs are not divided by the share that is kept.",
            new SoftmaxLines() {
              @Override
              float dropped(float p, float keep) {
                return keep == 0 ? 0 : p;
              }
            }),
        mutant(
            "M34",
            "Exponentials are powers of two, without the factor log2 e.",
            new SoftmaxLines() {
              @Override
              float exp(float x) {
                return (float) StrictMath.pow(2, x);
              }
            }));
  }

  private static List<Mutant> logSums() {
    return List.of(
        mutant(
            "M35",
            "The LSE is in base 2.",
            new SoftmaxLines() {
              @Override
              float lse(float max, float sum) {
                return super.lse(max, sum) / LOG_2;
              }
            },
            "pytorch/pytorch#181645"),
        mutant(
            "M36",
            "The LSE lacks the maximum.",
            new SoftmaxLines() {
              @Override
              float lse(float max, float sum) {
                return log(sum);
              }
            }),
        mutant(
            "M37",
            "The LSE is 0 everywhere.",
            new SoftmaxLines() {
              @Override
              float lse(float max, float sum) {
                return 0;
              }
            },
            "meta-pytorch/attention-gym#37"),
        mutant(
            "M38",
            "The LSE of an empty row is +inf.",
            new SoftmaxLines() {
              @Override
              float lse(float max, float sum) {
                return sum == 0 ? Float.POSITIVE_INFINITY : max + log(sum);
              }
            },
            "deepseek-ai/FlashMLA#77"),
        mutant(
            "M39",
            "The LSE of an empty row is finite.",
            new SoftmaxLines() {
              @Override
              float lse(float max, float sum) {
                return sum == 0 ? -1e30f : max + log(sum);
              }
            },
            "flashinfer-ai/flashinfer#4452"));
  }

  private static List<Mutant> scores() {
    return List.of(
        score(
            "M40",
            "The scale is applied twice.",
            new ScoreLines() {
              @Override
              float scaled(float dot, float scale, int channels) {
                return dot * scale * scale;
              }
            }),
        score(
            "M41",
            "The scale is off by a thousandth.",
            new ScoreLines() {
              @Override
              float scaled(float dot, float scale, int channels) {
                return dot * scale * 1.001f;
              }
            }),
        score(
            "M42",
            "The scale is made from the channels of the values.",
            new ScoreLines() {
              @Override
              float scaled(float dot, float scale, int channels) {
                return dot / (float) Math.sqrt(channels);
              }
            }),
        score(
            "M43",
            "The bias is multiplied by the scale, as if it were part of q . k.",
            new ScoreLines() {
              @Override
              float biased(float s, float bias, float scale) {
                return s + bias * scale;
              }
            }),
        score(
            "M44",
            "The bias is added in units of log2.",
            new ScoreLines() {
              @Override
              float biased(float s, float bias, float scale) {
                return s + bias * LOG_2;
              }
            }),
        score(
            "M45",
            "The cap is a quotient of exponentials, inf/inf for a large logit.",
            new ScoreLines() {
              @Override
              float capped(float s, float cap) {
                return cap * quotient((float) StrictMath.exp(2 * s / cap));
              }

              private static float quotient(float e) {
                return (e - 1) / (e + 1);
              }
            },
            "vllm-project/vllm#56578"),
        score(
            "M46",
            "Logits are not capped.",
            new ScoreLines() {
              @Override
              float capped(float s, float cap) {
                return s;
              }
            }),
        score(
                "M47",
                "A key that is listed several times weighs once.",
                new ScoreLines() {
                  @Override
                  float counted(float s, int count) {
                    return s;
                  }
                })
            .everywhere());
  }
}
