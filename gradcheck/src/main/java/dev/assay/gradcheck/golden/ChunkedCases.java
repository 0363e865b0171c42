package dev.assay.gradcheck.golden;

import static dev.assay.gradcheck.golden.Configured.chunks;
import static dev.assay.gradcheck.golden.Literals.all;
import static dev.assay.gradcheck.golden.Literals.list;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Own chunk and neighbours: every rule of size, combination and neighbourhood. */
final class ChunkedCases {
  private ChunkedCases() {}

  static Family family() {
    List<Draft> drafts = new ArrayList<>();
    drafts.addAll(sizes());
    drafts.addAll(combinations());
    drafts.addAll(neighbours());
    drafts.addAll(learned());
    return new Family("chunked", drafts);
  }

  private static CaseBuilder sequence(int id, String name, int n, String... settings) {
    return Case.of(id, name, chunks(settings)).qkv(1, 1, 1, n, n, 4, 4);
  }

  private static List<Draft> sizes() {
    return List.of(
        Draft.of(
            sequence(14001, "sqrt-pow2", 37, "sizeRule=SQRT_POW2"),
            "Chunks of 8: the smallest power of two whose square is at least 37; the last has 5.",
            "Chunked",
            "RaggedBlock"),
        Draft.of(
            sequence(14002, "log2", 37, "sizeRule=LOG2"),
            "Chunks of floor(log2 37) = 5; the last has 2.",
            "Chunked",
            "RaggedBlock"),
        Draft.of(
            sequence(14003, "scaled-log2", 130, "sizeRule=SCALED_LOG2", "t=1"),
            "Chunks of 80: 10 floor(log2 130), rounded up to a multiple of 16; the last has 50.",
            "Chunked",
            "RaggedBlock"),
        Draft.of(
            sequence(14004, "fixed", 24, "sizeRule=FIXED", "size=6"),
            "Chunks of 6 that divide the length.",
            "Chunked"),
        Draft.of(
            sequence(14005, "one-token-in-the-last-chunk", 17, "sizeRule=FIXED", "size=4"),
            "The last chunk has one token.",
            "Chunked",
            "RaggedBlock",
            "LastKey"),
        Draft.of(
            sequence(14006, "one-chunk", 9, "sizeRule=FIXED", "size=16"),
            "The chunk is larger than the sequence: the result is that of dense attention.",
            "Chunked",
            "Metamorphic"),
        Draft.of(
            sequence(14007, "dropped-tail", 22, "sizeRule=FIXED", "size=5", "tail=DROP"),
            "The literal reading drops the last two tokens: their rows are empty.",
            "Chunked",
            "EmptyRow",
            "EmptyColumn"));
  }

  private static List<Draft> combinations() {
    return List.of(
        Draft.of(
            sequence(14011, "sum", 22, "sizeRule=FIXED", "size=5", "combination=SUM"),
            "Own chunk plus neighbours, each with a softmax of its own; there is no LSE.",
            "Chunked"),
        Draft.of(
            sequence(14012, "gated", 22, "sizeRule=FIXED", "size=5", "combination=GATED")
                .qkv(1, 2, 2, 22, 22, 4, 4)
                .draw("gate_logit", Shape.of(1, 2, 1)),
            "A gate for each head between own chunk and neighbours, with its gradient.",
            "Chunked"),
        Draft.of(
            sequence(14013, "gated-by-token", 22, "sizeRule=FIXED", "size=5", "combination=GATED")
                .draw("gate_logit", Shape.of(1, 1, 22)),
            "A gate for each token.",
            "Chunked"),
        Draft.of(
            sequence(14014, "sequential", 22, "sizeRule=FIXED", "size=5", "combination=SEQUENTIAL"),
            "The output within chunks asks the neighbours: gradients pass through both.",
            "Chunked"),
        Draft.of(
            sequence(
                14015, "sum-without-neighbours", 9, "sizeRule=FIXED", "size=16", "combination=SUM"),
            "One chunk only: the neighbours add nothing, and no NaN.",
            "Chunked",
            "EmptyRow"),
        Draft.of(
            sequence(
                14016,
                "sequential-causal",
                22,
                "sizeRule=FIXED",
                "size=5",
                "combination=SEQUENTIAL",
                "causal=true"),
            "Causal: the first chunk has no neighbour and gives zeros.",
            "Chunked",
            "EmptyRow",
            "CausalEqual"));
  }

  private static List<Draft> neighbours() {
    return List.of(
        Draft.of(
            sequence(14021, "no-neighbours", 22, "sizeRule=FIXED", "size=5", "t=0"),
            "Own chunk only: a block diagonal.",
            "Chunked",
            "FullBlock"),
        Draft.of(
            sequence(14022, "three-neighbours", 37, "sizeRule=FIXED", "size=5", "t=3"),
            "Nearest first, left before right; what lies beyond the borders is dropped.",
            "Chunked",
            "WindowEdge"),
        Draft.of(
            sequence(
                14023, "each-side", 37, "sizeRule=FIXED", "size=5", "t=2", "neighbours=EACH_SIDE"),
            "The literal reading: two on each side.",
            "Chunked",
            "WindowEdge"),
        Draft.of(
            sequence(14024, "causal", 37, "sizeRule=FIXED", "size=5", "causal=true"),
            "Causal: the frontier within the own chunk, the two chunks before it whole.",
            "Chunked",
            "CausalEqual"),
        Draft.of(
            sequence(14025, "all-neighbours", 22, "sizeRule=FIXED", "size=5", "t=9"),
            "Neighbours cover everything: the result is that of dense attention.",
            "Chunked",
            "Metamorphic"),
        Draft.of(
            Case.of(14026, "bf16-gqa", chunks("sizeRule=FIXED", "size=16"))
                .dtype(DType.BF16)
                .qkv(1, 4, 2, 50, 50, 4, 4),
            "Shared keys, bfloat16.",
            "Chunked",
            "GQA"),
        Draft.of(
            Case.of(14027, "f16", chunks("sizeRule=FIXED", "size=16", "causal=true"))
                .dtype(DType.F16)
                .qkv(1, 1, 1, 50, 50, 8, 8),
            "Causal, binary16.",
            "Chunked",
            "CausalEqual"),
        Draft.of(
            Case.of(14028, "lengths", chunks("sizeRule=FIXED", "size=5"))
                .qkv(2, 1, 1, 22, 22, 4, 4)
                .give("q_lens", list(22, 8))
                .give("k_lens", list(13, 22)),
            "Valid lengths end within chunks.",
            "Chunked",
            "Lengths",
            "EmptyRow"));
  }

  private static List<Draft> learned() {
    return List.of(
        Draft.of(
            sequence(14031, "learned", 37, "sizeRule=FIXED", "size=5", "neighbours=LEARNED", "t=2"),
            "Neighbours are chosen by mean query times mean key.",
            "LearnedNeighbours"),
        Draft.of(
            sequence(
                14032,
                "learned-causal",
                37,
                "sizeRule=FIXED",
                "size=5",
                "neighbours=LEARNED",
                "causal=true"),
            "Only chunks before the own one can be chosen.",
            "LearnedNeighbours",
            "CausalEqual"),
        Draft.of(
            sequence(14033, "learned-ties", 20, "sizeRule=FIXED", "size=4", "neighbours=LEARNED")
                .give("k", all(0.5, 1, 1, 20, 4)),
            "All keys are equal, so all scores tie: the lower index wins.",
            "LearnedNeighbours",
            "TieAtK",
            "EqualLogits"),
        Draft.of(
            sequence(
                    14035,
                    "learned-near-ties",
                    20,
                    "sizeRule=FIXED",
                    "size=4",
                    "neighbours=LEARNED",
                    "t=1")
                .give("q", all(0.5, 1, 1, 20, 4))
                .give("k", nearlyEqualKeys()),
            "The scores of the chunks differ by 2^-18: a score in 16 bits chooses another.",
            "LearnedNeighbours",
            "NearTieAtK"),
        Draft.of(
            sequence(
                    14034, "given-neighbours", 20, "sizeRule=FIXED", "size=4", "neighbours=LEARNED")
                .give("idx", Tensor.of(Shape.of(1, 1, 5, 2), 1, 4, 0, -1, -1, -1, 0, 4, 2, 3)),
            "The choice is given, and one chunk has no neighbour.",
            "LearnedNeighbours",
            "EmptyBlock"));
  }

  /** Chunks of four tokens of four channels: 1/2 and a few times 2^-18. */
  private static Tensor nearlyEqualKeys() {
    return Tensor.generate(
        Shape.of(1, 1, 20, 4),
        p -> 0.5 + Math.scalb((double) List.of(0, 2, 3, 1, 1).get(p / 16), -18));
  }
}
