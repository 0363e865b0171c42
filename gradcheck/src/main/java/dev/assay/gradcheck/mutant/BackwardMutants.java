package dev.assay.gradcheck.mutant;

import java.util.List;
import java.util.stream.Stream;

/** A right output with wrong gradients. */
final class BackwardMutants {
  private BackwardMutants() {}

  private static Mutant mutant(String id, String fault, BackwardLines wrong, String... upstream) {
    return Mutant.of(id, MutantFamily.BACKWARD, fault, Lines.with(wrong), upstream);
  }

  static List<Mutant> all() {
    return Stream.of(deltas(), masks(), sums(), factors(), blocks()).flatMap(List::stream).toList();
  }

  private static List<Mutant> deltas() {
    return List.of(
        mutant(
            "M77",
            "Delta, dOut . out, is missing.",
            new BackwardLines() {
              @Override
              float delta(float rowDot, float dLse) {
                return -dLse;
              }
            }),
        mutant(
            "M78",
            "Delta is made from dOut alone.",
            new BackwardLines() {
              @Override
              float rowDot(Form form, float[] dOut, int from, float[] out, int outFrom, int n) {
                return form.dot(dOut, from, dOut, from, n);
              }
            }),
        mutant(
            "M79",
            "The cotangent of the LSE is ignored.",
            new BackwardLines() {
              @Override
              float delta(float rowDot, float dLse) {
                return rowDot;
              }
            },
            "Dao-AILab/flash-attention#1817"),
        mutant(
            "M80",
            "The cotangent of the LSE has the wrong sign.",
            new BackwardLines() {
              @Override
              float delta(float rowDot, float dLse) {
                return rowDot + dLse;
              }
            }),
        mutant(
            "M81",
            "The cotangent is read as if it were one row for all.",
            new BackwardLines() {
              @Override
              int cotangent(int row, int width) {
                return 0;
              }
            },
            "Dao-AILab/flash-attention#355",
            "facebookresearch/xformers#282"));
  }

  private static List<Mutant> masks() {
    return List.of(
        mutant(
            "M82",
            "The backward masks nothing.",
            new BackwardLines() {
              @Override
              boolean counts(boolean allowed, int j, int position) {
                return true;
              }
            },
            "NVIDIA/cudnn-frontend#676",
            "hao-ai-lab/FastVideo#925"),
        mutant(
            "M83",
            "The backward is always causal.",
            new BackwardLines() {
              @Override
              boolean counts(boolean allowed, int j, int position) {
                return allowed && j <= position;
              }
            },
            "triton-lang/triton#7216"),
        mutant(
            "M84",
            "Probabilities are made again without the LSE.",
            new BackwardLines() {
              @Override
              float again(float s, float lse) {
                return (float) StrictMath.exp(s);
              }
            }),
        mutant(
            "M85",
            "Probabilities are made again in base 2 from a natural LSE.",
            new BackwardLines() {
              @Override
              float again(float s, float lse) {
                return (float) StrictMath.pow(2, s - lse);
              }
            }));
  }

  private static List<Mutant> sums() {
    return List.of(
        mutant(
            "M86",
            "The value gradient of the last key is lost.",
            new BackwardLines() {
              @Override
              float intoV(float sum, float term, boolean lastKey, int headOfGroup) {
                return lastKey ? sum : sum + term;
              }
            }),
        mutant(
            "M87",
            "A key that several queries see keeps the gradient of the last of them.",
            new BackwardLines() {
              @Override
              float intoK(float sum, float term, int headOfGroup) {
                return term;
              }
            },
            "NVIDIA/cudnn-frontend#385"),
        mutant(
            "M88",
            "Each tile of keys overwrites dq instead of adding to it.",
            new BackwardLines() {
              @Override
              float intoQ(float sum, float term, boolean firstOfTile) {
                return firstOfTile ? term : sum + term;
              }
            }),
        mutant(
            "M89",
            "dk has the share of the first query head of a group alone.",
            new BackwardLines() {
              @Override
              float intoK(float sum, float term, int headOfGroup) {
                return headOfGroup == 0 ? sum + term : sum;
              }
            }),
        mutant(
            "M90",
            "dv has the share of the first query head of a group alone.",
            new BackwardLines() {
              @Override
              float intoV(float sum, float term, boolean lastKey, int headOfGroup) {
                return headOfGroup == 0 ? sum + term : sum;
              }
            }),
        mutant(
            "M91",
            "The gradient of a bias that is shared is that of the last pair.",
            new BackwardLines() {
              @Override
              float intoBias(float sum, float dS) {
                return dS;
              }
            }));
  }

  private static List<Mutant> factors() {
    return List.of(
        mutant(
            "M92",
            "dk lacks the scale.",
            new BackwardLines() {
              @Override
              float scaledK(float sum, float scale) {
                return sum;
              }
            }),
        mutant(
            "M93",
            "dq has the scale twice.",
            new BackwardLines() {
              @Override
              float scaledQ(float sum, float scale) {
                return sum * scale * scale;
              }
            }),
        mutant(
            "M94",
            "The slope of the cap is missing.",
            new BackwardLines() {
              @Override
              float sloped(float dS, float slope) {
                return dS;
              }
            }),
        mutant(
            "M95",
            "Dropout is missing in dP.",
            new BackwardLines() {
              @Override
              float dP(float dot, float keep) {
                return dot;
              }
            }),
        mutant(
            "M96",
            "Dropout's factor is missing in dv.",
            new BackwardLines() {
              @Override
              float dropped(float p, float keep) {
                return p;
              }
            }));
  }

  private static List<Mutant> blocks() {
    return List.of(
        Mutant.of(
            "M97",
            MutantFamily.BACKWARD,
            "dk and dv read the rows of the table of blocks as its columns.",
            Lines.with(
                new IndexLines() {
                  @Override
                  boolean listedBack(boolean[][] table, int queryBlock, int keyBlock) {
                    return table[keyBlock][queryBlock];
                  }
                }),
            "Dao-AILab/flash-attention#2623",
            "triton-lang/triton#419"),
        Mutant.of(
            "M98",
            MutantFamily.BACKWARD,
            "The transposed lists are those of a shorter sequence: the last queries are missing.",
            Lines.with(
                new IndexLines() {
                  @Override
                  boolean listedBack(boolean[][] table, int queryBlock, int keyBlock) {
                    return queryBlock < table.length - 1;
                  }
                }),
            "pytorch/pytorch#136232"));
  }
}
