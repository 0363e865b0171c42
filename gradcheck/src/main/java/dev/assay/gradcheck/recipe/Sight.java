package dev.assay.gradcheck.recipe;

import dev.assay.autograd.Node;
import dev.assay.autograd.Tape;
import dev.assay.check.Require;
import dev.assay.engine.Attend;
import dev.assay.engine.ListeningEngine;
import dev.assay.gradcheck.bound.MetKeys;
import dev.assay.gradcheck.suite.RecipeCase;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.Mechanism;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Paging;
import dev.assay.plan.Plan;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who sees whom in a recipe. The mechanism itself says so: it is run on tensors of the recipe's
 * tokens with one head and one channel, by an engine that only listens. So no rule of masks,
 * windows, lengths, pages or blocks is written down a second time here; only the heads must not
 * differ in what they see.
 */
final class Sight {
  private static final int TOKENS = 2;

  private final AttentionProblem problem;
  private final MetKeys met;

  private Sight(AttentionProblem problem, Plan plan) {
    this.problem = problem;
    this.met = new MetKeys(problem, plan);
  }

  /**
   * The pairs of a recipe.
   *
   * @throws IllegalArgumentException if its mechanism asks for more than one softmax over its own
   *     queries and keys
   */
  static Sight of(RecipeCase recipe) {
    Map<String, Tensor> tokens = new LinkedHashMap<>(recipe.golden().inputs());
    for (String name : List.of("q", "k", "v")) {
      List<Integer> shape = recipe.draw(name).shape();
      tokens.put(name, Tensor.zeros(Shape.of(shape.get(0), 1, shape.get(TOKENS), 1)));
    }
    Mechanism mechanism = recipe.golden().mechanism();
    Tape tape = new Tape();
    mechanism.lower(tape, Inputs.on(tape, mechanism, tokens), new ListeningEngine(Storage.F64));
    List<Node> nodes = tape.nodes();
    Require.argument(
        nodes.size() == 1 && nodes.getFirst().op() instanceof Attend,
        "recipe %s is of %s: a recipe is one softmax over its own queries and keys",
        recipe.golden().name(),
        mechanism.id());
    Attend run = (Attend) nodes.getFirst().op();
    return new Sight(run.problem(), run.plan());
  }

  /** The keys that a query sees, ascending. */
  int[] keys(int b, int i) {
    met.of(b, 0, i);
    int[] keys = new int[met.size()];
    for (int t = 0; t < keys.length; t++) {
      keys[t] = met.key(t);
    }
    return keys;
  }

  /** The queries that see a key, ascending. */
  int[] queries(int b, int j) {
    List<Integer> queries = new ArrayList<>();
    for (int i = 0; i < problem.queries(); i++) {
      int[] range = problem.keyRange(b, i);
      if (j >= range[0] && j < range[1] && sees(b, i, j)) {
        queries.add(i);
      }
    }
    return queries.stream().mapToInt(Integer::intValue).toArray();
  }

  private boolean sees(int b, int i, int j) {
    met.of(b, 0, i);
    for (int t = 0; t < met.size(); t++) {
      if (met.key(t) == j) {
        return true;
      }
    }
    return false;
  }

  /** How many keys a batch entry has; of pages those of a full row of the table. */
  int keys() {
    return problem.keys();
  }

  /**
   * The number of a key in k seen as rows of channels, which may exceed 2^31.
   *
   * @param kvHeads key heads of the recipe
   */
  long keyRow(int b, int kvHead, int kvHeads, int j) {
    Paging paging = problem.paging();
    long entry = paging == null ? b : paging.page(b, j);
    int within = paging == null ? j : j % paging.pageSize();
    int rows = problem.k().shape().extent(TOKENS);
    return (entry * kvHeads + kvHead) * rows + within;
  }
}
