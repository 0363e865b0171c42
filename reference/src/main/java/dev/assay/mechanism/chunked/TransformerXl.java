package dev.assay.mechanism.chunked;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.check.Require;
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
import dev.assay.mechanism.Ranges;
import dev.assay.mechanism.Setting;
import dev.assay.mechanism.SinusoidalPositions;
import dev.assay.mechanism.SinusoidalPositions.Layout;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.Softmax.Operands;
import dev.assay.mechanism.Softmax.Pairs;
import dev.assay.mechanism.TensorSpec;
import dev.assay.mechanism.TensorSpec.Kind;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Window;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * A segment attends to itself and to a memory of what came before, with logits of content and of
 * distance: Dai et al., "Transformer-XL: attentive language models beyond a fixed-length context"
 * (2019). Keys and values hold the memory first, then the segment; queries the segment alone.
 *
 * <p>Cost: O(n_q n_k (2 d + d_v)) time for each head.
 */
public record TransformerXl(
    @Setting(value = "In which order r has its rows.", by = "DISTANCE") Order order,
    @Setting(value = "So many keys for every query, its own included; 0 for all.", by = "0")
        int sameLength,
    @Setting(value = "Distances beyond it count as it; 0 for none.", by = "0") int clampLength,
    @Setting(value = "Factor of the sum of both parts; 0 for 1/sqrt(d).", by = "0") double scale)
    implements Mechanism {

  /** The rows of the projected positions. */
  public enum Order {
    /** Row t is for distance t. */
    DISTANCE,
    /** The authors' code: n_k rows, the last for distance 0, the first for n_k - 1. */
    DESCENDING
  }

  /** Checks the settings. */
  public TransformerXl {
    Require.notNegative(sameLength, "sameLength");
    Require.notNegative(clampLength, "clampLength");
    Ranges.scale(scale);
  }

  /** Always: r has no row for a key behind its query. */
  @Override
  public boolean causal() {
    return true;
  }

  @Override
  public Card card() {
    return TransformerXlCard.CARD;
  }

  @Override
  public List<TensorSpec> tensors() {
    return Given.qkvAnd(
        new TensorSpec("r", "[H, rows, d]", Kind.INPUT, true, "Projected positions, by head."),
        new TensorSpec(
            "r_w_bias", "[H, d]", Kind.PARAMETER, false, "u: added to queries that meet keys."),
        new TensorSpec(
            "r_r_bias", "[H, d]", Kind.PARAMETER, false, "v: added to queries that meet r."),
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

  /** The part of the distance becomes a bias, so that an engine sees an ordinary attention. */
  private Answer answer(Inputs inputs, Softmax softmax) {
    AttentionProblem problem = problem(inputs);
    Var q = inputs.var("q");
    Var r = inputs.var("r");
    checkTable(r.shape(), problem);
    RelativeLogits relative = relative(problem, r.shape().extent(1));
    Var distance = relative.of(shifted(q, inputs.find("r_r_bias"), "r_r_bias"), r);
    Var content = shifted(q, inputs.find("r_w_bias"), "r_w_bias");
    Operands operands = new Operands(content, inputs.var("k"), inputs.var("v"), distance);
    AttentionProblem bound =
        problem.with(content.value(), problem.k(), problem.v(), distance.value()).build();
    return softmax.attend(bound, operands, Pairs.ALL);
  }

  private RelativeLogits relative(AttentionProblem problem, int rows) {
    int farthest = clampLength == 0 ? Integer.MAX_VALUE : clampLength;
    return new RelativeLogits(
        problem,
        order == Order.DISTANCE
            ? distance -> Math.min(distance, farthest)
            : distance -> problem.keys() - 1 - Math.min(distance, farthest),
        rows);
  }

  private void checkTable(Shape r, AttentionProblem problem) {
    int depth = problem.q().shape().extent(3);
    Require.argument(
        r.rank() == 3 && r.extent(0) == problem.heads() && r.extent(2) == depth,
        "r has shape %s: [%d, rows, %d] is needed",
        r,
        problem.heads(),
        depth);
    Require.argument(
        order == Order.DISTANCE || r.extent(1) == problem.keys(),
        "r has %d rows for %d keys: in DESCENDING order there is one for each",
        r.extent(1),
        problem.keys());
  }

  private static Var shifted(Var q, @Nullable Var bias, String name) {
    if (bias == null) {
      return q;
    }
    Shape wanted = Shape.of(q.shape().extent(1), q.shape().extent(3));
    Require.argument(
        bias.shape().equals(wanted), "%s has shape %s: %s is needed", name, bias.shape(), wanted);
    return Ops.add(q, Ops.reshape(bias, Shape.of(1, wanted.extent(0), 1, wanted.extent(1))));
  }

  private AttentionProblem problem(Inputs inputs) {
    return Given.problem(inputs)
        .causal(true)
        .window(sameLength == 0 ? null : new Window(sameLength - 1, 0))
        .givenScale(scale)
        .build();
  }

  @Override
  public List<Case> cases() {
    return TransformerXlCases.all();
  }

  /** Rows of sinusoids, as if the projection of positions were the identity for every head. */
  @Override
  public SequencedMap<String, Tensor> example(Example example) {
    SequencedMap<String, Tensor> tensors = example.qkv();
    int even = example.depth() + example.depth() % 2;
    int n = example.tokens();
    Tensor table = SinusoidalPositions.table(Layout.HALVES, n, even);
    Shape shape = Shape.of(example.heads(), n, example.depth());
    tensors.put(
        "r",
        Tensor.generate(
            shape,
            p -> {
              int[] x = shape.index(p);
              return table.at(order == Order.DISTANCE ? x[1] : n - 1 - x[1], x[2]);
            }));
    Shape biases = Shape.of(example.heads(), example.depth());
    tensors.put("r_w_bias", example.draw("r_w_bias", biases, CaseBuilder.UNIT));
    tensors.put("r_r_bias", example.draw("r_r_bias", biases, CaseBuilder.UNIT));
    return tensors;
  }

  @Override
  public Rules rules(Inputs inputs) {
    AttentionProblem problem = problem(inputs);
    return (b, h, i, j) -> {
      if (!KeepMask.exists(problem, b, h, i, j)) {
        return NOT_ATTENDED;
      }
      int distance = i + problem.offset(b) - j;
      return (j < problem.offset(b) ? "memory: " : "segment: ") + distance + " before";
    };
  }
}
