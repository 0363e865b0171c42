package dev.assay.gradcheck.mutant;

import java.util.List;
import java.util.stream.Stream;

/** The wrong blocks are chosen. */
final class SelectionMutants {
  private SelectionMutants() {}

  private static Mutant mutant(String id, String fault, ChoiceLines wrong, String... upstream) {
    return Mutant.of(id, MutantFamily.SELECTION, fault, Lines.with(wrong), upstream);
  }

  static List<Mutant> all() {
    return Stream.of(candidates(), scores(), lists()).flatMap(List::stream).toList();
  }

  private static List<Mutant> candidates() {
    return List.of(
        mutant(
            "M108",
            "The gate's causality is read backwards: later blocks are candidates.",
            new ChoiceLines() {
              @Override
              boolean candidate(boolean causal, int block, int own) {
                return !causal || block > own;
              }
            }),
        mutant(
            "M109",
            "The whole sequence is a candidate, the future too.",
            new ChoiceLines() {
              @Override
              boolean candidate(boolean causal, int block, int own) {
                return block != own || !causal;
              }
            },
            "piotrpiekos/MoSA#3"),
        mutant(
            "M110",
            "A query's own block is not forced.",
            new ChoiceLines() {
              @Override
              boolean forced(boolean causal, int block, int own) {
                return false;
              }
            }),
        mutant(
            "M111",
            "A query stands in the block of the next token.",
            new ChoiceLines() {
              @Override
              int own(int position, int size) {
                return Math.floorDiv(position + 1, size);
              }
            }));
  }

  private static List<Mutant> scores() {
    return List.of(
        mutant(
            "M112",
            "Ties go to the higher index.",
            new ChoiceLines() {
              @Override
              boolean before(float score, int block, float other, int otherBlock) {
                return score > other || (score == other && block > otherBlock);
              }
            },
            "flashinfer-ai/flashinfer#2584",
            "vllm-project/vllm#55872"),
        mutant(
            "M113",
            "The lowest scores are chosen.",
            new ChoiceLines() {
              @Override
              boolean before(float score, int block, float other, int otherBlock) {
                return score < other || (score == other && block < otherBlock);
              }
            }),
        mutant(
            "M114",
            "Keys are summed, not averaged: a short block loses.",
            new ChoiceLines() {
              @Override
              float mean(float sum, int count, int size) {
                return sum;
              }
            }),
        mutant(
            "M115",
            "Scores are compared by their size without sign.",
            new ChoiceLines() {
              @Override
              float score(float dot) {
                return Math.abs(dot);
              }
            }),
        mutant(
            "M116",
            "All heads score the blocks of key head 0.",
            new ChoiceLines() {
              @Override
              int kvHead(int h, int heads, int kvHeads) {
                return 0;
              }
            }));
  }

  private static List<Mutant> lists() {
    return List.of(
        mutant(
            "M117",
            "One block too many is chosen.",
            new ChoiceLines() {
              @Override
              int places(int k, int forced, int candidates) {
                return Math.min(k + 1 - forced, candidates);
              }
            }),
        mutant(
            "M118",
            "Where there are fewer candidates than places, the others are filled with junk.",
            new ChoiceLines() {
              @Override
              int places(int k, int forced, int candidates) {
                return k - forced;
              }
            },
            "lucidrains/native-sparse-attention-pytorch#18",
            "XunhaoLai/native-sparse-attention-triton#20"),
        mutant(
            "M119",
            "The list descends.",
            new ChoiceLines() {
              @Override
              int place(int t, int count) {
                return count - 1 - t;
              }
            }));
  }
}
