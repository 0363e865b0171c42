package dev.assay.mechanism.chunked;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.engine.Engine;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.Card;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.Example;
import dev.assay.mechanism.Given;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Ranges;
import dev.assay.mechanism.Setting;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.Softmax.Operands;
import dev.assay.mechanism.Softmax.Pairs;
import dev.assay.mechanism.TensorSpec;
import dev.assay.mechanism.TensorSpec.Kind;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.ProblemBuilder;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.SequencedMap;

/**
 * The sequence is cut into chunks; a token attends within its own chunk and to t neighbouring
 * chunks: Zhao, "Optimization method design and implementation of Transformer model for long
 * sequence data", sections III-B and III-C. The text leaves much open; each open question is one
 * setting, whose default is the precise reading and whose literal reading is marked.
 *
 * <p>Cost: O(n m (1 + t) (d + d_v)) time for each head, with chunks of m.
 */
public record HierarchicalChunking(
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

  /** What is made of the attention within (intra) and between (cross) chunks. */
  public enum Combination {
    /** Precise: one softmax over own chunk and neighbours together. */
    JOINT,
    /** Literal: intra + cross. */
    SUM,
    /** a intra + (1 - a) cross, a = sigmoid(gate_logit). */
    GATED,
    /** Cross attention whose queries are the intra output; needs d_v = d. */
    SEQUENTIAL
  }

  /** Which chunks a chunk meets besides itself; those out of range are dropped. */
  public enum Neighbours {
    /** Precise: t in all, nearest first, left before right; causal i-1 to i-t. */
    WINDOW,
    /** Literal: t on each side. */
    EACH_SIDE,
    /** The t chunks with the largest mean query . mean key. */
    LEARNED
  }

  /** What becomes of n mod m tokens at the end. */
  public enum Tail {
    /** Precise: they are a short chunk of their own. */
    RAGGED,
    /** Literal: floor(n / m) chunks; the rest is neither query nor key and gives 0. */
    DROP,
    /** As DROP, but the rest gives its own values, as if it went past the attention. */
    PASS_THROUGH
  }

  /** Checks the sizes. */
  public HierarchicalChunking {
    Require.positive(size, "size");
    Require.notNegative(t, "t");
    Ranges.scale(scale);
  }

  @Override
  public Card card() {
    return HierarchicalChunkingCard.CARD;
  }

  @Override
  public List<TensorSpec> tensors() {
    return Given.qkvAnd(
        new TensorSpec(
            "gate_logit",
            "[1] or [B|1, H|1, n|1]",
            Kind.PARAMETER,
            false,
            "With combination GATED, which needs it: logit of the share of the own chunk."),
        Given.choice(
            "idx",
            "[B|1, H|1, chunks, any]",
            "With neighbours LEARNED: the chunks to meet, instead of choosing them; -1 for none."),
        Given.BIAS,
        Given.MASK,
        Given.Q_LENS,
        Given.K_LENS);
  }

  @Override
  public Answer define(Tape tape, Inputs inputs) {
    return answer(inputs, Softmax::byOps);
  }

  @Override
  public Answer lower(Tape tape, Inputs inputs, Engine engine) {
    return answer(inputs, Softmax.on(engine));
  }

  /** The mechanism around a softmax: by ops, on an engine, or one that leaves out heads. */
  public Answer answer(Inputs inputs, Softmax softmax) {
    AttentionProblem problem = problem(inputs);
    Answer combined = combine(inputs, problem, softmax);
    if (tail != Tail.PASS_THROUGH) {
      return combined;
    }
    Var passed = PassedTail.values(inputs, problem, taken(problem.queries()));
    Var out = Ops.add(combined.out(), passed);
    return new Answer(out, combined.lse(), combined.choices(), combined.margin());
  }

  /** How many tokens lie in chunks. */
  private int taken(int n) {
    return tail == Tail.RAGGED ? n : n - n % chunkSize(n);
  }

  private Answer combine(Inputs inputs, AttentionProblem problem, Softmax softmax) {
    ChunkMeetings chunks = chunks(inputs, problem);
    Var q = inputs.var("q");
    if (combination == Combination.JOINT) {
      Answer joint = attend(softmax, inputs, problem, q, chunks.pairs(true, true));
      return new Answer(joint.out(), joint.lse(), chunks.choices(), chunks.margin());
    }
    Answer intra = attend(softmax, inputs, problem, q, chunks.pairs(true, false));
    Var crossQuery = combination == Combination.SEQUENTIAL ? sameDepth(intra.out(), q) : q;
    Answer cross = attend(softmax, inputs, problem, crossQuery, chunks.pairs(false, true));
    Var out =
        switch (combination) {
          case SUM -> Ops.add(intra.out(), cross.out());
          case GATED -> gated(inputs, problem, intra, cross);
          default -> cross.out();
        };
    return new Answer(out, null, chunks.choices(), chunks.margin());
  }

  private static Answer attend(
      Softmax softmax, Inputs inputs, AttentionProblem problem, Var q, Pairs pairs) {
    Operands operands = new Operands(q, inputs.var("k"), inputs.var("v"), inputs.find("bias"));
    return softmax.attend(problem, operands, pairs);
  }

  private static Var sameDepth(Var intra, Var q) {
    Require.argument(
        intra.shape().equals(q.shape()),
        "SEQUENTIAL makes the output of shape %s the queries of shape %s: it needs d_v = d",
        intra.shape(),
        q.shape());
    return intra;
  }

  /** {@code a intra + (1 - a) cross}, with the gates of rows without keys left unread. */
  private static Var gated(Inputs inputs, AttentionProblem problem, Answer intra, Answer cross) {
    Require.argument(
        inputs.has("gate_logit"),
        "combination GATED needs the tensor gate_logit, for instance [0]");
    Shape rows = problem.lseShape();
    Var logit = Ops.broadcast(inputs.var("gate_logit"), rows);
    Var valid =
        Ops.select(logit, KeepMask.where(rows, x -> Softmax.meets(x[0], x[1], x[2], intra, cross)));
    Var share = Ops.reshape(Ops.sigmoid(valid), Shape.of(append(rows.toArray(), 1)));
    Var rest = Ops.shift(Ops.scale(share, -1), 1);
    Var out = Ops.add(Ops.mul(share, intra.out()), Ops.mul(rest, cross.out()));
    return Softmax.withoutEmptyRows(out, intra, cross);
  }

  private static int[] append(int[] extents, int last) {
    int[] longer = Arrays.copyOf(extents, extents.length + 1);
    longer[extents.length] = last;
    return longer;
  }

  private AttentionProblem problem(Inputs inputs) {
    Var q = inputs.var("q");
    Var k = inputs.var("k");
    ProblemBuilder given = Given.problem(inputs, q, k, inputs.var("v"));
    AttentionProblem whole = given.build();
    Require.argument(
        whole.queries() == whole.keys(),
        "%d queries came with %d keys: chunks are cut from one sequence, so both must agree",
        whole.queries(),
        whole.keys());
    int taken = taken(whole.queries());
    int[] queries = new int[whole.batches()];
    int[] keys = new int[whole.batches()];
    for (int b = 0; b < queries.length; b++) {
      queries[b] = Math.min(whole.queryLength(b), taken);
      keys[b] = Math.min(whole.keyLength(b), taken);
    }
    given.causal(causal).queryLengths(queries).keyLengths(keys).offset(new int[queries.length]);
    return given.givenScale(scale).build();
  }

  private ChunkMeetings chunks(Inputs inputs, AttentionProblem problem) {
    Require.argument(
        neighbours == Neighbours.LEARNED || !inputs.has("idx"),
        "idx was given, but neighbours is %s: it is read with LEARNED only",
        neighbours);
    int m = chunkSize(problem.queries());
    if (neighbours != Neighbours.LEARNED) {
      int whole = Math.ceilDiv(taken(problem.queries()), m);
      return ChunkMeetings.near(problem, m, whole, t, neighbours == Neighbours.EACH_SIDE);
    }
    LearnedNeighbours learned = new LearnedNeighbours(problem, m, t);
    return inputs.has("idx") ? learned.given(inputs.var("idx").value()) : learned.choose();
  }

  /** Tokens in a chunk of a sequence of n: at least 1, at most n. */
  public int chunkSize(int n) {
    return sizeRule.chunkSize(n, size);
  }

  @Override
  public String leak() {
    return causal && neighbours == Neighbours.LEARNED
        ? "chunks are chosen by the mean of a whole chunk of queries"
        : "";
  }

  @Override
  public List<Case> cases() {
    return HierarchicalChunkingCases.all();
  }

  @Override
  public SequencedMap<String, Tensor> example(Example example) {
    SequencedMap<String, Tensor> tensors = example.qkv();
    if (combination == Combination.GATED) {
      tensors.put("gate_logit", Tensor.zeros(Shape.of(1)));
    }
    return tensors;
  }

  @Override
  public Rules rules(Inputs inputs) {
    AttentionProblem problem = problem(inputs);
    ChunkMeetings chunks = chunks(inputs, problem);
    return (b, h, i, j) -> {
      int own = i / chunks.size();
      int other = j / chunks.size();
      if (!KeepMask.exists(problem, b, h, i, j)
          || (own != other && !chunks.neighbour(b, h, own, other))) {
        return NOT_ATTENDED;
      }
      return own == other
          ? "own chunk: " + own
          : "neighbour %+d: chunk %d".formatted(other - own, other);
    };
  }
}
