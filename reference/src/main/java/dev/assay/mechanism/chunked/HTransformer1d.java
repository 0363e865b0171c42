package dev.assay.mechanism.chunked;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.engine.Engine;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.Card;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.CountedKeys;
import dev.assay.mechanism.Given;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.LseJoin;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Ranges;
import dev.assay.mechanism.Setting;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.Softmax.Operands;
import dev.assay.mechanism.TensorSpec;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Attention by a hierarchical matrix: near tokens meet exactly, farther ones through means over
 * two, four, eight tokens: Zhu and Soricut, "H-Transformer-1D: fast one-dimensional hierarchical
 * attention for sequences" (2021). The levels are joined into one softmax.
 *
 * <p>Cost: O(n block (d + d_v)) time for each head, over all levels together.
 */
public record HTransformer1d(
    @Setting(value = "Tokens in a block; even with neighbours ADJACENT.", by = "16") int block,
    @Setting(value = "Which blocks of a level meet.", by = "ADJACENT") Neighbours neighbours,
    @Setting(value = "What a coarse key counts as.", by = "TOKENS") Mass mass,
    @Setting(value = "What meets a coarse key.", by = "MEAN") Queries queries,
    @Setting(value = "Excludes keys after the query's position.", by = "false") boolean causal,
    @Setting(value = "Factor of q . k; 0 for 1/sqrt(d).", by = "0") double scale)
    implements Mechanism {

  /** The shape of the hierarchy. */
  public enum Neighbours {
    /** The paper: both neighbours, as far as no finer level has them. */
    ADJACENT,
    /** lucidrains: the sibling in the tree of blocks. */
    SIBLINGS
  }

  /** The denominator. */
  public enum Mass {
    /** The paper: a coarse key counts as its tokens; weights sum to 1. */
    TOKENS,
    /** lucidrains: as one, although its value is the sum over its tokens. */
    ONE
  }

  /** The queries of the coarse levels. */
  public enum Queries {
    /** The paper: means as of the keys. A causal model then sees a little of the future. */
    MEAN,
    /** Every query for itself. */
    EACH
  }

  /** Checks the sizes. */
  public HTransformer1d {
    Require.positive(block, "block");
    Require.argument(
        block % 2 == 0 || neighbours == Neighbours.SIBLINGS,
        "block is %d: with ADJACENT half a block is left to a coarser level, so it must be even",
        block);
    Ranges.scale(scale);
  }

  @Override
  public String leak() {
    return causal && queries == Queries.MEAN
        ? "a coarse query is a mean that holds later tokens of its own coarse token"
        : "";
  }

  @Override
  public Card card() {
    return HTransformer1dCard.CARD;
  }

  @Override
  public List<TensorSpec> tensors() {
    return Given.qkvAnd(Given.Q_LENS, Given.K_LENS);
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
    AttentionProblem problem = problem(inputs);
    List<Answer> levels = new ArrayList<>();
    for (int level = 0; level < hierarchy().levels(problem.queries()); level++) {
      levels.add(level(inputs, problem, level, softmax));
    }
    return LseJoin.of(
        levels, LseJoin.Weights.DIFFERENTIATED, x -> x[2] < problem.queryLength(x[0]));
  }

  /** The attention of one level, and what every token gets of it. */
  private Answer level(Inputs inputs, AttentionProblem problem, int level, Softmax softmax) {
    int n = problem.queries();
    CoarseTokens ofQueries = new CoarseTokens(width(level, true), problem::queryLength);
    CoarseTokens ofKeys = new CoarseTokens(width(level, false), problem::keyLength);
    Var q = ofQueries.mean(inputs.var("q"));
    Var k = ofKeys.mean(inputs.var("k"));
    Var v = mass == Mass.TOKENS ? ofKeys.mean(inputs.var("v")) : ofKeys.sum(inputs.var("v"));
    Var counts =
        mass == Mass.TOKENS && level > 0
            ? Ops.constant(q.tape(), ofKeys.logCounts(problem.batches(), n))
            : null;
    AttentionProblem coarse = coarse(problem, new Operands(q, k, v, counts), ofQueries, ofKeys);
    KeepMask.Rule rule = rule(level);
    Answer met =
        softmax.attend(coarse, new Operands(q, k, v, counts), CountedKeys.of(coarse, rule));
    if (ofQueries.width() == 1) {
      return met;
    }
    Var lse = Objects.requireNonNull(met.lse());
    return Answer.of(ofQueries.spread(met.out(), n), ofQueries.spread(lse, n));
  }

  private int width(int level, boolean ofQueries) {
    return ofQueries && queries == Queries.EACH ? 1 : 1 << level;
  }

  private static AttentionProblem coarse(
      AttentionProblem problem, Operands operands, CoarseTokens ofQueries, CoarseTokens ofKeys) {
    int[] queryLengths = new int[problem.batches()];
    int[] keyLengths = new int[problem.batches()];
    for (int b = 0; b < keyLengths.length; b++) {
      queryLengths[b] = ofQueries.count(problem.queryLength(b));
      keyLengths[b] = ofKeys.count(problem.keyLength(b));
    }
    Var bias = operands.bias();
    return AttentionProblem.of(operands.q().value(), operands.k().value(), operands.v().value())
        .scale(problem.scale())
        .queryLengths(queryLengths)
        .keyLengths(keyLengths)
        .bias(bias == null ? null : bias.value())
        .build();
  }

  /** Which coarse tokens of a level meet: the first token of each stands for all. */
  private KeepMask.Rule rule(int level) {
    Hierarchy hierarchy = hierarchy();
    int ofQuery = width(level, true);
    int ofKey = width(level, false);
    return (b, h, i, j) ->
        hierarchy.meets(level, i * ofQuery, j * ofKey) && (!causal || j * ofKey <= i * ofQuery);
  }

  private Hierarchy hierarchy() {
    return new Hierarchy(neighbours == Neighbours.SIBLINGS, block);
  }

  private AttentionProblem problem(Inputs inputs) {
    AttentionProblem problem = Given.problem(inputs).givenScale(scale).build();
    Require.argument(
        problem.queries() == problem.keys(),
        "%d queries came with %d keys: blocks are cut from one sequence, so both must agree",
        problem.queries(),
        problem.keys());
    return problem;
  }

  @Override
  public List<Case> cases() {
    return HTransformer1dCases.all();
  }

  /** By the level at which two tokens meet. */
  @Override
  public Rules rules(Inputs inputs) {
    AttentionProblem problem = problem(inputs);
    return (b, h, i, j) -> {
      if (i >= problem.queryLength(b) || j >= problem.keyLength(b) || (causal && j > i)) {
        return NOT_ATTENDED;
      }
      int level = hierarchy().level(i, j);
      return level == 0 ? "exact" : "means of %d".formatted(1 << level);
    };
  }
}
