package dev.assay.mechanism.learned;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.engine.Engine;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.Card;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.Example;
import dev.assay.mechanism.Given;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Setting;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.TensorSpec;
import dev.assay.mechanism.chunked.HierarchicalChunking;
import dev.assay.mechanism.chunked.HierarchicalChunking.Combination;
import dev.assay.mechanism.chunked.HierarchicalChunking.Neighbours;
import dev.assay.mechanism.chunked.HierarchicalChunking.Tail;
import dev.assay.mechanism.chunked.SizeRule;
import dev.assay.mechanism.heads.HeadGate;
import dev.assay.mechanism.heads.HeadGates;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * A learned gate turns heads off, the others attend within chunks and to neighbouring chunks: Zhao,
 * "Optimization method design and implementation of Transformer model for long sequence data",
 * section III-C, made of {@link HeadGate} and {@link HierarchicalChunking}. An inactive head skips
 * both attentions, within chunks and between them.
 *
 * <p>Cost: O(H n d) for the gate, and O(n m (1 + t) (d + d_v)) for each active head.
 */
public record GatedChunking(
    @Setting(value = "What the gate multiplies a head with, and its gradient.", by = "SOFT_MULT")
        HeadGate.Mode mode,
    @Setting(value = "From which tokens a score is formed.", by = "SEQUENCE") GateOver gateOver,
    @Setting(value = "A head is active where its score is at least theta.", by = "0.3")
        double theta,
    @Setting(value = "So many heads of largest score stay active.", by = "1") int keepAtLeast,
    @Setting(value = "How the chunk size m follows from the length n.", by = "SQRT_POW2")
        SizeRule sizeRule,
    @Setting(value = "Chunk size of FIXED; at least 1.", by = "16") int size,
    @Setting(value = "How own chunk and neighbours are combined.", by = "JOINT")
        Combination combination,
    @Setting(value = "Which chunks are neighbours.", by = "WINDOW") Neighbours neighbours,
    @Setting(value = "t: how many neighbours; at least 0.", by = "2") int t,
    @Setting(value = "What becomes of the last n mod m tokens.", by = "RAGGED") Tail tail,
    @Setting(value = "Excludes keys after the query.", by = "false") boolean causal,
    @Setting(value = "Factor of q . k; 0 for 1/sqrt(d).", by = "0") double scale)
    implements Mechanism {

  /** What a score looks at. */
  public enum GateOver {
    /**
     * Precise: once for the whole sequence, before it is cut. With causality it sees the future.
     */
    SEQUENCE,
    /** The tokens up to a token. */
    PREFIX,
    /** A token alone. */
    TOKEN,
    /** The chunk of a token: gates are computed for each block. */
    CHUNK
  }

  /** Checks the settings of both parts. */
  public GatedChunking {
    gate(mode, gateOver, theta, keepAtLeast);
    new HierarchicalChunking(sizeRule, size, combination, neighbours, t, tail, causal, scale);
  }

  private static HeadGate gate(
      HeadGate.Mode mode, GateOver gateOver, double theta, int keepAtLeast) {
    HeadGate.Granularity granularity =
        switch (gateOver) {
          case SEQUENCE -> HeadGate.Granularity.SEQUENCE;
          case PREFIX -> HeadGate.Granularity.PREFIX;
          case TOKEN, CHUNK -> HeadGate.Granularity.TOKEN;
        };
    return new HeadGate(HeadGate.Reading.PRECISE, mode, granularity, theta, keepAtLeast, false, 0);
  }

  private HierarchicalChunking chunking() {
    return new HierarchicalChunking(
        sizeRule, size, combination, neighbours, t, tail, causal, scale);
  }

  @Override
  public String leak() {
    if (!causal) {
      return "";
    }
    return switch (gateOver) {
      case SEQUENCE -> "the gate takes means over the whole sequence";
      case CHUNK -> "the gate takes means over the whole chunk";
      case PREFIX, TOKEN -> chunking().leak();
    };
  }

  @Override
  public Card card() {
    return GatedChunkingCard.CARD;
  }

  @Override
  public List<TensorSpec> tensors() {
    SequencedMap<String, TensorSpec> all = new LinkedHashMap<>();
    HeadGate gate = gate(mode, gateOver, theta, keepAtLeast);
    gate.tensors().forEach(spec -> all.put(spec.name(), spec));
    chunking().tensors().forEach(spec -> all.putIfAbsent(spec.name(), spec));
    return List.copyOf(all.values());
  }

  @Override
  public Answer define(Tape tape, Inputs inputs) {
    return answer(inputs, Softmax::byOps);
  }

  @Override
  public Answer lower(Tape tape, Inputs inputs, Engine engine) {
    return answer(inputs, Softmax.on(engine));
  }

  private Answer answer(Inputs inputs, Softmax softmax) {
    HeadGates gates = gates(inputs);
    List<Answer> attended = new ArrayList<>();
    Answer heads = chunking().answer(inputs, gates.skipping(softmax, attended::add));
    Var out = withoutEmptyRows(inputs, gates.times(heads.out()), attended);
    Map<String, Tensor> choices = new LinkedHashMap<>(heads.choices());
    choices.put("active", gates.active());
    return new Answer(out, null, choices, Math.min(heads.margin(), gates.margin()));
  }

  private static AttentionProblem whole(Inputs inputs) {
    return Given.problem(inputs).build();
  }

  private HeadGates gates(Inputs inputs) {
    AttentionProblem whole = whole(inputs);
    int chunk = gateOver == GateOver.CHUNK ? chunking().chunkSize(whole.queries()) : 1;
    return HeadGates.of(gate(mode, gateOver, theta, keepAtLeast), inputs, whole, chunk);
  }

  /** A row without keys reads no gate, unless its own value goes past the attention. */
  private Var withoutEmptyRows(Inputs inputs, Var out, List<Answer> attended) {
    if (tail != Tail.PASS_THROUGH) {
      return Softmax.withoutEmptyRows(out, attended.toArray(Answer[]::new));
    }
    AttentionProblem whole = whole(inputs);
    return Ops.select(
        out,
        KeepMask.where(
            out.shape(), x -> x[2] < Math.min(whole.queryLength(x[0]), whole.keyLength(x[0]))));
  }

  @Override
  public List<Case> cases() {
    return GatedChunkingCases.all();
  }

  /** Weights and offsets of the gate so large that some heads are active and some are not. */
  @Override
  public SequencedMap<String, Tensor> example(Example example) {
    SequencedMap<String, Tensor> tensors = chunking().example(example);
    Shape weights = Shape.of(example.heads(), 2 * example.depth());
    tensors.put("w_gate", example.draw("w_gate", weights, CaseBuilder.UNIT));
    tensors.put("b_gate", example.draw("b_gate", Shape.of(example.heads()), CaseBuilder.UNIT + 2));
    return tensors;
  }

  @Override
  public Rules rules(Inputs inputs) {
    HeadGates gates = gates(inputs);
    Rules chunks = chunking().rules(inputs);
    return (b, h, i, j) -> gates.attends(b, h, i) ? chunks.of(b, h, i, j) : NOT_ATTENDED;
  }
}
