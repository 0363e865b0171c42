package dev.assay.gradcheck.golden;

import static dev.assay.gradcheck.golden.Configured.dense;

import dev.assay.mechanism.Case;
import dev.assay.tensor.DType;
import java.util.List;

/**
 * At least 1024 independent rows, so that the bias gate can see what no single element shows; d is
 * small so that a case stays below 256 KB.
 */
final class LongCases {
  private LongCases() {}

  static Family family() {
    return new Family(
        "long",
        List.of(
            Draft.of(
                Case.of(20001, "many-queries-bf16", dense())
                    .dtype(DType.BF16)
                    .qkv(1, 1, 1, 1024, 64, 2, 2),
                "1024 queries over 64 keys in bfloat16.",
                "LongSum"),
            Draft.of(
                Case.of(20002, "many-keys-bf16", dense())
                    .dtype(DType.BF16)
                    .qkv(1, 1, 1, 64, 1024, 2, 2),
                "64 queries over 1024 keys in bfloat16: as many rows of dk and dv.",
                "LongSum"),
            Draft.of(
                Case.of(20003, "many-queries-f16", dense())
                    .dtype(DType.F16)
                    .qkv(1, 1, 1, 1024, 64, 2, 2),
                "1024 queries over 64 keys in binary16.",
                "LongSum"),
            Draft.of(
                Case.of(20004, "many-keys-f16", dense())
                    .dtype(DType.F16)
                    .qkv(1, 1, 1, 64, 1024, 2, 2),
                "64 queries over 1024 keys in binary16.",
                "LongSum"),
            Draft.of(
                Case.of(20005, "causal-f32", dense("causal=true")).qkv(1, 1, 1, 1024, 1024, 2, 2),
                "A causal square of 1024 tokens.",
                "LongSum",
                "CausalEqual")));
  }
}
