package dev.assay.mechanism.chunked;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.engine.Engine;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.Card;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.CountedKeys;
import dev.assay.mechanism.Example;
import dev.assay.mechanism.Given;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Ranges;
import dev.assay.mechanism.Setting;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.Softmax.Operands;
import dev.assay.mechanism.TensorSpec;
import dev.assay.mechanism.TensorSpec.Kind;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.SequencedMap;

/**
 * One softmax over a few compressed keys of the whole sequence and the keys near by: Zhu et al.,
 * "Long-short transformer: efficient transformers for language and vision" (2021). What a
 * compressed key is made of depends on the input.
 *
 * <p>Cost: O(n (r + 2 w) (d + d_v)) time for each head; causal O(n (w + r n / l) (d + d_v)).
 */
public record TransformerLs(
    @Setting(
            value = "w: queries that share their near keys; causal: near keys of a query.",
            by = "8")
        int segment,
    @Setting(value = "Keys on each side of a segment; -1 for w / 2. Not causal.", by = "-1")
        int reach,
    @Setting(value = "l: tokens that are compressed together if causal.", by = "16") int chunk,
    @Setting(value = "Which channels are normalised together.", by = "ALL_HEADS") Norm norm,
    @Setting(value = "What the norm of the compressed keys is applied to.", by = "SEPARATE")
        Order order,
    @Setting(value = "From when on a compressed chunk is seen if causal.", by = "BEFORE_OWN")
        Visible visible,
    @Setting(value = "Excludes keys after the query's position.", by = "false") boolean causal,
    @Setting(value = "Factor of q . k; 0 for 1/sqrt(d).", by = "0") double scale)
    implements Mechanism {

  /** The two layer norms, one of near keys and values, one of compressed ones. */
  public enum Norm {
    /** None. */
    NONE,
    /** Over the channels of all heads of a token. */
    ALL_HEADS,
    /** Over the channels of each head. */
    EACH_HEAD
  }

  /** How the norms follow each other. */
  public enum Order {
    /** The paper: near keys LN_l(K), compressed ones LN_s(P^T K). */
    SEPARATE,
    /** The authors' code: compressed ones LN_s(P^T LN_l(K)). */
    CHAINED
  }

  /** Chunks of the past. */
  public enum Visible {
    /** Precise: those before the query's own. */
    BEFORE_OWN,
    /** lucidrains: its own too, for the chunk's last token. */
    COMPLETE
  }

  /** Checks the sizes. */
  public TransformerLs {
    Require.notNegative(segment, "segment");
    Require.argument(reach >= -1, "reach is %d: at least 0 is needed, or -1 for w / 2", reach);
    Require.positive(chunk, "chunk");
    Ranges.scale(scale);
  }

  @Override
  public Card card() {
    return TransformerLsCard.CARD;
  }

  @Override
  public List<TensorSpec> tensors() {
    String width = "[H_kv d] or [d]";
    return Given.qkvAnd(
        new TensorSpec(
            "p",
            "[B, H_kv, n_k, r]",
            Kind.INPUT,
            false,
            "Logits of the compression into r keys, a projection of the input; none if absent."),
        new TensorSpec(
            "ln_l_weight", width, Kind.PARAMETER, false, "Gain of the near norm; 1 if absent."),
        new TensorSpec(
            "ln_l_bias", width, Kind.PARAMETER, false, "Shift of the near norm; 0 if absent."),
        new TensorSpec("ln_s_weight", width, Kind.PARAMETER, false, "Gain of the compressed norm."),
        new TensorSpec("ln_s_bias", width, Kind.PARAMETER, false, "Shift of the compressed norm."),
        Given.Q_LENS,
        Given.K_LENS,
        Given.OFFSET);
  }

  @Override
  public Answer define(Tape tape, Inputs inputs) {
    return answer(inputs, Softmax::byOps);
  }

  @Override
  public Answer lower(Tape tape, Inputs inputs, Engine engine) {
    return answer(inputs, Softmax.on(engine));
  }

  /** Compressed keys first, then the others: one attention over both. */
  private Answer answer(Inputs inputs, Softmax softmax) {
    AttentionProblem problem = problem(inputs);
    Var q = inputs.var("q");
    Var k = valid(inputs.var("k"), problem);
    Var v = valid(inputs.var("v"), problem);
    int compressed = compressed(inputs, problem);
    Var keys = near(inputs, k);
    Var values = near(inputs, v);
    if (compressed > 0) {
      DynamicProjection.Weights weights = projection(problem).weights(inputs.var("p"));
      boolean chained = order == Order.CHAINED;
      keys = Ops.concat(2, far(inputs, weights.of(chained ? keys : k)), keys);
      values = Ops.concat(2, far(inputs, weights.of(chained ? values : v)), values);
    }
    AttentionProblem both = both(problem, keys, values, compressed);
    Operands operands = new Operands(q, keys, values, null);
    return softmax.attend(both, operands, CountedKeys.of(both, rule(inputs, problem)));
  }

  private static Var valid(Var x, AttentionProblem problem) {
    return Ops.select(x, KeepMask.where(x.shape(), at -> at[2] < problem.keyLength(at[0])));
  }

  private Var near(Inputs inputs, Var x) {
    return norm == Norm.NONE ? x : norm(inputs, "ln_l").of(x);
  }

  private Var far(Inputs inputs, Var x) {
    return norm == Norm.NONE ? x : norm(inputs, "ln_s").of(x);
  }

  private ChannelNorm norm(Inputs inputs, String name) {
    return new ChannelNorm(
        norm == Norm.ALL_HEADS, inputs.find(name + "_weight"), inputs.find(name + "_bias"));
  }

  private DynamicProjection projection(AttentionProblem problem) {
    return new DynamicProjection(problem, causal ? chunk : Math.max(problem.keys(), 1));
  }

  /** How many compressed keys there are. */
  private int compressed(Inputs inputs, AttentionProblem problem) {
    return inputs.has("p") ? projection(problem).chunks() * inputs.var("p").shape().extent(-1) : 0;
  }

  private static AttentionProblem both(
      AttentionProblem problem, Var keys, Var values, int compressed) {
    int[] queryLengths = new int[problem.batches()];
    int[] keyLengths = new int[problem.batches()];
    for (int b = 0; b < keyLengths.length; b++) {
      queryLengths[b] = problem.queryLength(b);
      keyLengths[b] = compressed + problem.keyLength(b);
    }
    return AttentionProblem.of(problem.q(), keys.value(), values.value())
        .scale(problem.scale())
        .queryLengths(queryLengths)
        .keyLengths(keyLengths)
        .build();
  }

  /** Which of the compressed keys and of those behind them a query meets. */
  private KeepMask.Rule rule(Inputs inputs, AttentionProblem problem) {
    int compressed = compressed(inputs, problem);
    int rank = compressed == 0 ? 1 : inputs.var("p").shape().extent(-1);
    return (b, h, i, j) -> {
      int p = i + problem.offset(b);
      return p >= 0
          && (j < compressed
              ? meetsChunk(p, j / rank, problem.keyLength(b))
              : meetsToken(p, j - compressed));
    };
  }

  private boolean meetsChunk(int p, int c, int length) {
    if (!causal) {
      return length > 0;
    }
    boolean past = visible == Visible.BEFORE_OWN ? c < p / chunk : p - chunk >= c * chunk - 1;
    return past && c * chunk < length;
  }

  private boolean meetsToken(int p, int j) {
    if (causal) {
      return j <= p && j > p - segment;
    }
    int side = reach == -1 ? segment / 2 : reach;
    int first = segment == 0 ? 0 : p / segment * segment;
    return segment > 0 && j >= (long) first - side && j < (long) first + segment + side;
  }

  private AttentionProblem problem(Inputs inputs) {
    return Given.problem(inputs).givenScale(scale).build();
  }

  @Override
  public List<Case> cases() {
    return TransformerLsCases.all();
  }

  /** With logits of four compressed keys; causal, of one for each chunk. One token has none. */
  @Override
  public SequencedMap<String, Tensor> example(Example example) {
    SequencedMap<String, Tensor> tensors = example.qkv();
    if (example.tokens() > 1) {
      Shape logits = Shape.of(1, example.heads(), example.tokens(), causal ? 1 : 4);
      tensors.put("p", example.draw("p", logits, CaseBuilder.UNIT + 1));
    }
    return tensors;
  }

  /** Keys are counted as the softmax has them: the compressed ones first. */
  @Override
  public Rules rules(Inputs inputs) {
    AttentionProblem problem = problem(inputs);
    int compressed = compressed(inputs, problem);
    int rank = compressed == 0 ? 1 : inputs.var("p").shape().extent(-1);
    KeepMask.Rule rule = rule(inputs, problem);
    return (b, h, i, j) -> {
      if (i >= problem.queryLength(b)
          || j >= compressed + problem.keyLength(b)
          || !rule.allows(b, h, i, j)) {
        return NOT_ATTENDED;
      }
      return j < compressed
          ? causal ? "compressed: chunk " + j / rank : "compressed: " + j
          : "near: key " + (j - compressed);
    };
  }
}
