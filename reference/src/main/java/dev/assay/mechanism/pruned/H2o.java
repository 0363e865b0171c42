package dev.assay.mechanism.pruned;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.engine.Engine;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.BestScores;
import dev.assay.mechanism.Card;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.Given;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Ranges;
import dev.assay.mechanism.Setting;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.TensorSpec;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A cache of fixed size that keeps the newest keys and those that have received most attention;
 * what is evicted never comes back: Zhang et al., "H2O: heavy-hitter oracle for efficient
 * generative inference of large language models" (2023).
 *
 * <p>Cost: O(c (d + d_v)) time for each decoded token and O(c (d + d_v)) memory, with a cache of c
 * keys.
 */
public record H2o(
    @Setting(value = "By sequence, or as the published code sums scores.", by = "PRECISE")
        Reading reading,
    @Setting(value = "Whether sizes are tokens or shares of the prompt.", by = "TOKENS")
        Budget budget,
    @Setting(value = "TOKENS: keys kept for their score; at least 0.", by = "8") int heavy,
    @Setting(value = "TOKENS: newest keys kept; at least 0.", by = "8") int recent,
    @Setting(value = "SHARE: keys kept for their score, as a share.", by = "0.1") double heavyShare,
    @Setting(value = "SHARE: newest keys kept, as a share.", by = "0.1") double recentShare,
    @Setting(value = "First keys of a sequence that are read at once; at least 0.", by = "16")
        int prompt,
    @Setting(value = "First keys that are never evicted, beside the budget.", by = "0") int sinks,
    @Setting(value = "Divides a score by the number of rows since its key came.", by = "false")
        boolean norm,
    @Setting(value = "Factor of old scores at each decoded token, in (0, 1].", by = "1")
        double decay,
    @Setting(value = "Factor of q . k; 0 for 1/sqrt(d).", by = "0") double scale)
    implements Mechanism {

  /** How the source is read. */
  public enum Reading {
    /** Precise: each sequence has its scores and evicts for itself. */
    PRECISE,
    /**
     * Literal: scores are summed over the batch, whose entries evict together; without recent keys
     * nothing is evicted at all.
     */
    LITERAL
  }

  /** What sizes mean. */
  public enum Budget {
    /** Numbers of keys. */
    TOKENS,
    /** Shares of the prompt, rounded down. */
    SHARE
  }

  /** Checks the numbers. */
  public H2o {
    Require.notNegative(heavy, "heavy");
    Require.notNegative(recent, "recent");
    Require.argument(heavyShare >= 0, "heavyShare is %s: it must not be negative", heavyShare);
    Require.argument(recentShare >= 0, "recentShare is %s: it must not be negative", recentShare);
    Require.notNegative(prompt, "prompt");
    Require.notNegative(sinks, "sinks");
    Require.argument(
        budget == Budget.TOKENS || prompt > 0,
        "budget SHARE is a share of the prompt, but prompt is 0: give its length");
    Require.argument(decay > 0 && decay <= 1, "decay is %s: it must lie in (0, 1]", decay);
    Ranges.scale(scale);
  }

  @Override
  public Card card() {
    return H2oCard.CARD;
  }

  @Override
  public List<TensorSpec> tensors() {
    return Given.qkvAnd(
        Given.choice(
            "kept",
            "[B|1, H|1, n_q, n_k]",
            "1 where a key is in the cache that a query reads, instead of evicting by scores."),
        Given.choice(
            "past_score",
            "[B|1, H_kv|1, any]",
            "Scores of the keys before the first query; -1 for one that was evicted."
                + " Without it 0. Later entries are not read."),
        Given.MASK,
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

  private Answer answer(Inputs inputs, Softmax softmax) {
    AttentionProblem problem = Pruned.problem(inputs, true, scale);
    Margin margin = new Margin();
    TokenTables kept = kept(inputs, problem, margin);
    Map<String, Tensor> choices = Map.of("kept", kept.tensor(problem));
    return new Pruned(kept.pairs(problem), choices, margin.nearest())
        .attend(softmax, problem, inputs);
  }

  private TokenTables kept(Inputs inputs, AttentionProblem problem, Margin margin) {
    Tensor given = inputs.truths("kept");
    return given != null
        ? TokenTables.given(problem, given, "kept")
        : new HeavyHitters(this, problem, margin).run(inputs.value("past_score"));
  }

  /** Keys kept for their score after a prompt of so many. */
  int heavyOf(int promptLength) {
    return budget == Budget.TOKENS ? heavy : (int) (heavyShare * promptLength);
  }

  /** Newest keys kept after a prompt of so many. */
  int recentOf(int promptLength) {
    return budget == Budget.TOKENS ? recent : (int) (recentShare * promptLength);
  }

  @Override
  public boolean causal() {
    return true;
  }

  /** {@code score}: the past_score of what follows, [B, H_kv, n_k], -1 for evicted keys. */
  @Override
  public Map<String, Function<Inputs, Var>> asides() {
    return Map.of("score", this::score);
  }

  private Var score(Inputs inputs) {
    Require.argument(
        !inputs.has("kept"), "kept is given, so that no scores were collected: leave it out");
    HeavyHitters hitters =
        new HeavyHitters(this, Pruned.problem(inputs, true, scale), new Margin());
    hitters.run(inputs.value("past_score"));
    return Ops.constant(inputs.var("q").tape(), hitters.scores());
  }

  @Override
  public List<Case> cases() {
    return H2oCases.all();
  }

  @Override
  public Rules rules(Inputs inputs) {
    AttentionProblem problem = Pruned.problem(inputs, true, scale);
    HeavyHitters hitters = new HeavyHitters(this, problem, new Margin());
    hitters.remember();
    boolean chosen = !inputs.has("kept");
    TokenTables kept =
        chosen ? hitters.run(inputs.value("past_score")) : kept(inputs, problem, new Margin());
    return (b, h, i, j) -> {
      if (!KeepMask.exists(problem, b, h, i, j) || !kept.keeps(b, h, i, j)) {
        return NOT_ATTENDED;
      }
      int position = i + problem.offset(b);
      int promptLength = Math.min(prompt, problem.keyLength(b));
      if (position < prompt) {
        return "prompt: read at once";
      }
      if (chosen && reading == Reading.LITERAL && recentOf(promptLength) == 0) {
        return "cache: nothing is evicted";
      }
      // The query's own key is beside those that were recent when the last query had been read.
      return j >= position - recentOf(promptLength)
          ? "recent key: " + (position - j) + " before"
          : j < sinks
              ? "first key: never evicted"
              : "heavy hitter: key "
                  + j
                  + (chosen ? ", " + BestScores.place(hitters.found(b, h, i), j) : "");
    };
  }
}
