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
import dev.assay.plan.ProblemBuilder;
import java.util.ArrayList;
import java.util.List;

/**
 * Dilated attention: branches of growing segments, in which ever fewer tokens meet, joined by their
 * log-sum-exps: Ding et al., "LongNet: scaling transformers to 1,000,000,000 tokens" (2023). It is
 * one softmax over the keys of all branches; a key that two branches have counts twice.
 *
 * <p>Cost: O(n w / r^2 (d + d_v)) time for each head and branch of segments w and ratio r.
 */
public record LongNet(
    @Setting(value = "Segment length of each branch, with commas between them.", by = "8,16")
        String segments,
    @Setting(value = "Every so-manieth token takes part, for each branch.", by = "1,2")
        String ratios,
    @Setting(value = "With which token of a segment a head begins.", by = "HEAD_MODULO")
        Offsets offsets,
    @Setting(value = "Whether the weights of the branches have a gradient.", by = "DIFFERENTIATED")
        LseJoin.Weights weights,
    @Setting(value = "What fills an unfinished segment.", by = "NOTHING") Filling filling,
    @Setting(value = "Excludes keys after the query's position.", by = "false") boolean causal,
    @Setting(value = "Factor of q . k; 0 for 1/sqrt(d).", by = "0") double scale)
    implements Mechanism {

  /** The first token of a segment that a head takes. */
  public enum Offsets {
    /** The paper: h mod r. */
    HEAD_MODULO,
    /** torchscale: groups of ceil(H / r) heads with the same one. */
    HEAD_GROUPS
  }

  /** What stands where the sequence ends within a segment. */
  public enum Filling {
    /** Precise: no key. */
    NOTHING,
    /** torchscale: keys and values of 0, which a softmax without causality counts. */
    ZERO_KEYS
  }

  /** Checks the lists. */
  public LongNet {
    Dilation.parse(segments, ratios);
    Ranges.scale(scale);
  }

  @Override
  public Card card() {
    return LongNetCard.CARD;
  }

  @Override
  public List<TensorSpec> tensors() {
    return Given.qkvAnd(Given.MASK, Given.Q_LENS, Given.K_LENS);
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
    AttentionProblem problem = problem(inputs, inputs.var("k"), inputs.var("v"));
    List<Answer> branches = new ArrayList<>();
    for (Dilation dilation : Dilation.parse(segments, ratios)) {
      Dilation within = dilation.within(problem.queries());
      branches.add(
          filling == Filling.ZERO_KEYS
              ? filled(inputs, problem, within, softmax)
              : branch(inputs, problem, within, softmax));
    }
    return LseJoin.of(branches, weights, x -> true);
  }

  private Answer branch(
      Inputs inputs, AttentionProblem problem, Dilation dilation, Softmax softmax) {
    Operands operands = new Operands(inputs.var("q"), inputs.var("k"), inputs.var("v"), null);
    KeepMask.Rule rule = rule(dilation, problem.heads());
    return softmax.attend(problem, operands, CountedKeys.of(problem, rule));
  }

  /** With the keys of 0 behind the sequence, as many as some segment lacks. */
  private Answer filled(
      Inputs inputs, AttentionProblem problem, Dilation dilation, Softmax softmax) {
    Require.argument(
        !inputs.has("k_lens") && !inputs.has("q_lens") && !inputs.has("mask"),
        "lengths or a mask came with filling ZERO_KEYS, which is for whole sequences: use NOTHING");
    int n = problem.queries();
    int heads = problem.heads();
    // Zero keys stand behind all others, so that causality excludes every one.
    int zeros = causal ? 0 : Math.ceilDiv(dilation.segment(), dilation.ratio());
    Var k = Ops.pad(inputs.var("k"), 2, 0, zeros);
    Var v = Ops.pad(inputs.var("v"), 2, 0, zeros);
    AttentionProblem longer =
        problem
            .with(problem.q(), k.value(), v.value(), null)
            .offset(new int[problem.batches()])
            .build();
    KeepMask.Rule within = rule(dilation, heads);
    KeepMask.Rule rule =
        (b, h, i, j) -> {
          int start = start(dilation, h, heads);
          return j < n
              ? within.allows(b, h, i, j)
              : dilation.takes(i, start) && j - n < dilation.missing(i, start, n);
        };
    Operands operands = new Operands(inputs.var("q"), k, v, null);
    return softmax.attend(longer, operands, CountedKeys.of(longer, rule));
  }

  private KeepMask.Rule rule(Dilation dilation, int heads) {
    return (b, h, i, j) -> {
      int start = start(dilation, h, heads);
      return dilation.together(i, j) && dilation.takes(i, start) && dilation.takes(j, start);
    };
  }

  private int start(Dilation dilation, int h, int heads) {
    return offsets == Offsets.HEAD_MODULO
        ? h % dilation.ratio()
        : h / Math.ceilDiv(heads, dilation.ratio());
  }

  private AttentionProblem problem(Inputs inputs, Var k, Var v) {
    ProblemBuilder builder =
        Given.problem(inputs, inputs.var("q"), k, v).causal(causal).givenScale(scale);
    AttentionProblem problem = builder.build();
    Require.argument(
        problem.queries() == problem.keys(),
        "%d queries came with %d keys: segments are cut from one sequence, so both must agree",
        problem.queries(),
        problem.keys());
    // Lengths count from the front of one sequence: query i stands at i.
    return builder.offset(new int[problem.batches()]).build();
  }

  @Override
  public List<Case> cases() {
    return LongNetCases.all();
  }

  @Override
  public Rules rules(Inputs inputs) {
    AttentionProblem problem = problem(inputs, inputs.var("k"), inputs.var("v"));
    List<Dilation> all = Dilation.parse(segments, ratios);
    return (b, h, i, j) -> {
      List<String> met = new ArrayList<>();
      for (int s = 0; j < problem.keys() && s < all.size(); s++) {
        Dilation within = all.get(s).within(problem.queries());
        if (KeepMask.exists(problem, b, h, i, j)
            && rule(within, problem.heads()).allows(b, h, i, j)) {
          met.add("%d/%d".formatted(within.segment(), within.ratio()));
        }
      }
      if (j >= problem.keys()) {
        return "zero key";
      }
      return met.isEmpty() ? NOT_ATTENDED : "segment/ratio " + String.join(" and ", met);
    };
  }
}
