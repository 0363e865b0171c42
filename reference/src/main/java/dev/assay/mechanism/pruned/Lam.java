package dev.assay.mechanism.pruned;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
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
import dev.assay.plan.DensePlan;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/**
 * A small network makes a soft mask from the tokens, which multiplies the logits: {@code softmax(M
 * scale q k^T) v}. It amplifies, damps or turns logits, and leaves nothing out. Source: Barrios and
 * Jin, "Multi-layer learnable attention mask for multimodal tasks" (2024).
 *
 * <p>Cost: O(n^2 (d + r + d_v)) time, O(n^2) memory for the mask.
 */
public record Lam(
    @Setting(value = "How the network makes a mask.", by = "PRECISE") Reading reading,
    @Setting(value = "Excludes keys after the query.", by = "false") boolean causal,
    @Setting(value = "Factor of q . k; 0 for 1/sqrt(d).", by = "0") double scale)
    implements Mechanism {

  /** How the source is read. */
  public enum Reading {
    /**
     * Precise: {@code M_ij = 1 + a tanh(u_i . w_j / sqrt(r))} with one network for the token of the
     * query and one for that of the key, of any length.
     */
    PRECISE,
    /** Literal: row i of M is the output of a network at token i, as wide as the longest input. */
    LITERAL
  }

  /** Checks the scale. */
  public Lam {
    Ranges.scale(scale);
  }

  @Override
  public Card card() {
    return LamCard.CARD;
  }

  @Override
  public List<TensorSpec> tensors() {
    return Given.qkvAnd(
        new TensorSpec("x", "[B, n_q, D]", Kind.INPUT, true, "Tokens of the queries."),
        new TensorSpec(
            "x_k",
            "[B, n_k, D]",
            Kind.INPUT,
            false,
            "PRECISE: tokens of the keys; without it those of the queries."),
        parameter("w_u1", "[m, D]", "PRECISE: first layer for queries."),
        parameter("b_u1", "[m]", "PRECISE: added to it; 0 if absent."),
        parameter("w_u2", "[r, m]", "PRECISE: second layer for queries."),
        parameter("b_u2", "[r]", "PRECISE: added to it; 0 if absent."),
        parameter("w_k1", "[m, D]", "PRECISE: first layer for keys."),
        parameter("b_k1", "[m]", "PRECISE: added to it; 0 if absent."),
        parameter("w_k2", "[r, m]", "PRECISE: second layer for keys."),
        parameter("b_k2", "[r]", "PRECISE: added to it; 0 if absent."),
        parameter("amplitude", "[1] or [H]", "PRECISE: a; training starts from 0."),
        parameter("w_m1", "[m, D]", "LITERAL: first layer."),
        parameter("b_m1", "[m]", "LITERAL: added to it; 0 if absent."),
        parameter("w_m2", "[L, m]", "LITERAL: second layer, L >= n_k; training starts from 0."),
        parameter("b_m2", "[L]", "LITERAL: added to it, 0 if absent; training starts from 1."),
        Given.MASK,
        Given.Q_LENS,
        Given.K_LENS,
        Given.OFFSET);
  }

  private static TensorSpec parameter(String name, String shape, String meaning) {
    return new TensorSpec(name, shape, Kind.PARAMETER, false, meaning);
  }

  @Override
  public Answer define(Tape tape, Inputs inputs) {
    return answer(inputs, Softmax::byOps);
  }

  @Override
  public Answer lower(Tape tape, Inputs inputs, Engine engine) {
    return answer(inputs, Softmax.on(engine));
  }

  /** {@code M s = s + (M - 1) s}: a bias, so that a = 0 leaves every bit of dense attention. */
  private Answer answer(Inputs inputs, Softmax softmax) {
    AttentionProblem problem = Pruned.problem(inputs, causal, scale);
    Tensor allowed = KeepMask.of(problem, (b, h, i, j) -> true);
    Var q = inputs.var("q");
    Var keys = Softmax.perQueryHead(inputs.var("k"), problem.heads());
    Var logits = Ops.scale(Ops.sddmm(q, Ops.transpose(keys), allowed), problem.scale());
    Var excess = new SoftMask(inputs, problem).excess(reading);
    Var bias = Ops.select(Ops.mul(logits, excess), allowed);
    Var k = inputs.var("k");
    Var v = inputs.var("v");
    AttentionProblem masked = problem.with(q.value(), k.value(), v.value(), bias.value()).build();
    return softmax.attend(
        masked, new Operands(q, k, v, bias), new Pairs((b, h, i, j) -> true, new DensePlan()));
  }

  @Override
  public List<Case> cases() {
    return LamCases.all();
  }

  /** Tokens, and a network of four units. */
  @Override
  public SequencedMap<String, Tensor> example(Example example) {
    SequencedMap<String, Tensor> tensors = example.qkv();
    int depth = example.heads() * example.depth();
    tensors.put("x", example.draw("x", Shape.of(1, example.tokens(), depth), -16));
    boolean literal = reading == Reading.LITERAL;
    List<String> first = literal ? List.of("w_m1") : List.of("w_u1", "w_k1");
    List<String> second = literal ? List.of("w_m2") : List.of("w_u2", "w_k2");
    first.forEach(name -> tensors.put(name, example.draw(name, Shape.of(4, depth), -16)));
    int width = literal ? example.tokens() : 2;
    second.forEach(name -> tensors.put(name, example.draw(name, Shape.of(width, 4), -16)));
    if (!literal) {
      tensors.put("amplitude", Tensor.of(Shape.of(1), 0.75));
    }
    return tensors;
  }

  @Override
  public Rules rules(Inputs inputs) {
    AttentionProblem problem = Pruned.problem(inputs, causal, scale);
    Tensor excess = new SoftMask(inputs, problem).excess(reading).value();
    return (b, h, i, j) -> {
      if (!KeepMask.exists(problem, b, h, i, j)) {
        return NOT_ATTENDED;
      }
      double factor = 1 + KeepMask.broadcast(excess, b, h, i, j);
      return (factor < 0 ? "turned" : factor < 1 ? "damped" : "amplified")
          + String.format(Locale.ROOT, ": %.3f", factor);
    };
  }
}
