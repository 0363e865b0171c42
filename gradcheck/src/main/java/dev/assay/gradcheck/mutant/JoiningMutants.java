package dev.assay.gradcheck.mutant;

import java.util.List;

/** Partial results of a row that was split over its keys are joined wrongly. */
final class JoiningMutants {
  private static final Form SPLIT = Form.USUAL.splits(3);

  private JoiningMutants() {}

  private static Mutant mutant(String id, String fault, JoinLines wrong, String... upstream) {
    return Mutant.of(id, MutantFamily.JOINING, fault, Lines.with(wrong), upstream).in(SPLIT);
  }

  static List<Mutant> all() {
    return List.of(
        mutant(
            "M70",
            "Parts in natural units are joined as if they were in base 2.",
            new JoinLines() {
              @Override
              float weight(float partMax, float max) {
                return (float) StrictMath.pow(2, partMax - max);
              }
            },
            "sgl-project/sglang#35045",
            "meta-pytorch/attention-gym#207"),
        mutant(
            "M71",
            "Parts without keys are joined: -inf minus -inf.",
            new JoinLines() {
              @Override
              boolean joins(float partMax) {
                return true;
              }
            },
            "flashinfer-ai/flashinfer#4051",
            "vllm-project/vllm#39148",
            "vllm-project/vllm#28181"),
        mutant(
            "M72",
            "Parts are added without weights.",
            new JoinLines() {
              @Override
              float weight(float partMax, float max) {
                return 1;
              }
            }),
        mutant(
            "M73",
            "The joined LSE is the largest of the parts.",
            new JoinLines() {
              @Override
              float lse(float max, float sum) {
                return max;
              }
            }),
        mutant(
            "M74",
            "Tiles that are left over when a row is split are lost.",
            new JoinLines() {
              @Override
              int splitBegin(int tiles, int splits, int s) {
                return tiles / splits * s;
              }
            }),
        mutant(
            "M75",
            "The maximum of the whole is that of the first part.",
            new JoinLines() {
              @Override
              float max(float max, float partMax) {
                return max;
              }
            }),
        mutant(
            "M76",
            "Parts are weighted by the inverse of their weights.",
            new JoinLines() {
              @Override
              float weight(float partMax, float max) {
                return (float) StrictMath.exp(max - partMax);
              }
            }));
  }
}
