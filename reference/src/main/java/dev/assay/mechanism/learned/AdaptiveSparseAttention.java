package dev.assay.mechanism.learned;

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
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.TensorSpec;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * A generator selects pairs, an optimizer corrects the weights of those that are left: algorithm 1
 * of Alwash, Rasheed and Fattah, "Efficient Transformer architectures via learnable sparse
 * attention and optimization" (2025), made of {@link Lspg} and {@link Cao}, with the ablations of
 * its table 2.
 *
 * <p>Cost: that of both.
 */
public record AdaptiveSparseAttention(
    @Setting(value = "Precise, or algorithm 1 as it is printed.", by = "PRECISE") Reading reading,
    @Setting(value = "What is left out.", by = "FULL") Variant variant,
    @Setting(
            value =
                "More settings of lspg, for instance local=8,globals=2; see there. 'none' for none.",
            by = "none")
        String generator,
    @Setting(
            value = "More settings of cao, for instance mode=P_LOGIT; see there. 'none' for none.",
            by = "none")
        String optimizer,
    @Setting(value = "Excludes keys after the query's position.", by = "false") boolean causal,
    @Setting(value = "Factor of q . k; 0 for 1/sqrt(d).", by = "0") double scale)
    implements Mechanism {

  /** How the algorithm is read. */
  public enum Reading {
    /** The precise readings of both parts. */
    PRECISE,
    /** A network on each score, scores times the mask, equation 3, and 1/sqrt(d) of the model. */
    LITERAL
  }

  /** Rows of the ablation. */
  public enum Variant {
    /** Both parts. */
    FULL,
    /** The selected pairs with their own weights. */
    WITHOUT_CAO,
    /**
     * A fixed mask with as many keys in each row as the generator would have selected: half of them
     * nearest to the query, the rest evenly spread over the others.
     */
    WITHOUT_LSPG
  }

  private static final String NONE = "none";
  private static final List<String> OWN = List.of("causal", "scale");

  /** Checks the settings of both parts. */
  public AdaptiveSparseAttention {
    Ranges.scale(scale);
    lspg(reading, generator, causal, scale);
    cao(reading, optimizer, causal, scale);
  }

  private static Lspg lspg(Reading reading, String more, boolean causal, double scale) {
    Map<String, String> settings = new LinkedHashMap<>();
    if (reading == Reading.LITERAL) {
      settings.put("reading", "LITERAL");
      settings.put("maskMode", "ZERO_LOGIT");
      settings.put("scaleDim", "MODEL");
    }
    settings.putAll(parsed("generator", more));
    settings.put("causal", String.valueOf(causal));
    settings.put("scale", String.valueOf(scale));
    return Settings.make(Lspg.class, settings);
  }

  private static Cao cao(Reading reading, String more, boolean causal, double scale) {
    Map<String, String> settings = new LinkedHashMap<>();
    if (reading == Reading.LITERAL) {
      settings.put("mode", "L_EQ3");
    }
    settings.putAll(parsed("optimizer", more));
    settings.put("causal", String.valueOf(causal));
    settings.put("scale", String.valueOf(scale));
    return Settings.make(Cao.class, settings);
  }

  private static SequencedMap<String, String> parsed(String name, String more) {
    SequencedMap<String, String> settings =
        Settings.parse(more.equals(NONE) ? List.of() : List.of(more.split(",", -1)));
    for (String own : OWN) {
      Require.argument(
          !settings.containsKey(own),
          "%s sets %s: that is a setting of the whole, set it there",
          name,
          own);
    }
    return settings;
  }

  private Lspg lspg() {
    return lspg(reading, generator, causal, scale);
  }

  private Cao cao() {
    return variant == Variant.WITHOUT_CAO
        ? cao(reading, "mode=OFF", causal, scale)
        : cao(reading, optimizer, causal, scale);
  }

  @Override
  public String leak() {
    return lspg().leak().isEmpty() ? cao().leak() : lspg().leak();
  }

  @Override
  public Card card() {
    return AdaptiveSparseAttentionCard.CARD;
  }

  @Override
  public List<TensorSpec> tensors() {
    List<TensorSpec> all = new ArrayList<>(LspgTensors.all());
    all.addAll(Cao.parameters());
    all.add(
        Given.choice(
            "budget",
            "[B, H, n_q]",
            "WITHOUT_LSPG: keys in each row, instead of as many as the generator selects."));
    return List.copyOf(all);
  }

  @Override
  public Answer define(Tape tape, Inputs inputs) {
    return variant == Variant.WITHOUT_CAO ? lspg().define(tape, inputs) : answer(inputs);
  }

  /** The correction of probabilities has no plan; without it the generator's plans are run. */
  @Override
  public Answer lower(Tape tape, Inputs inputs, Engine engine) {
    return variant == Variant.WITHOUT_CAO ? lspg().lower(tape, inputs, engine) : answer(inputs);
  }

  private Answer answer(Inputs inputs) {
    Lspg lspg = lspg();
    AttentionProblem problem = lspg.problem(inputs);
    Map<String, Tensor> choices;
    Weights weights;
    double margin;
    if (variant == Variant.WITHOUT_LSPG) {
      FixedPattern fixed = fixed(inputs, problem);
      Var scores = ScorePlane.tokens(problem, inputs.var("q"), inputs.var("k")).scores();
      weights = Weights.of(scores, fixed.pairs());
      choices = Map.of("budget", fixed.budget());
      margin = fixed.margin();
    } else {
      SparsePattern pattern = lspg.pattern(inputs, problem);
      weights = new PatternAttention(lspg, inputs, problem, pattern).weights();
      choices = pattern.choices();
      margin = pattern.margin();
    }
    Weights refined = new Refinement(cao(), inputs, problem).of(weights);
    boolean distribution = cao().mode() == Cao.Mode.OFF || cao().mode() == Cao.Mode.P_LOGIT;
    Var lse = distribution ? refined.lse() : null;
    return new Answer(refined.times(inputs.var("v")), lse, choices, margin);
  }

  private FixedPattern fixed(Inputs inputs, AttentionProblem problem) {
    Tensor budget = inputs.value("budget");
    if (budget != null) {
      return FixedPattern.of(problem, budget, Double.POSITIVE_INFINITY);
    }
    SparsePattern pattern = lspg().pattern(inputs, problem);
    return FixedPattern.of(problem, FixedPattern.count(pattern.tokens(problem)), pattern.margin());
  }

  @Override
  public List<Case> cases() {
    return AdaptiveSparseAttentionCases.all();
  }

  @Override
  public SequencedMap<String, Tensor> example(Example example) {
    SequencedMap<String, Tensor> tensors = lspg().example(example);
    Cao.putNetwork(tensors, example);
    return tensors;
  }

  @Override
  public Rules rules(Inputs inputs) {
    AttentionProblem problem = lspg().problem(inputs);
    Rules corrected = cao().rules(inputs);
    Rules selected =
        variant == Variant.WITHOUT_LSPG ? fixed(inputs, problem).reasons() : lspg().rules(inputs);
    boolean everywhere = cao().mode() == Cao.Mode.L_EQ3;
    return (b, h, i, j) -> {
      String reason =
          KeepMask.exists(problem, b, h, i, j) || variant != Variant.WITHOUT_LSPG
              ? selected.of(b, h, i, j)
              : NOT_ATTENDED;
      boolean added = everywhere && reason.equals(NOT_ATTENDED);
      return added && !corrected.of(b, h, i, j).equals(NOT_ATTENDED)
          ? "correction: not selected"
          : reason;
    };
  }
}
