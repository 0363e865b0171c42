package dev.assay.cli.docs;

import dev.assay.catalog.MechanismCatalog;
import dev.assay.gradcheck.precision.Curve;
import dev.assay.gradcheck.precision.Errors;
import dev.assay.gradcheck.precision.Machine;
import dev.assay.gradcheck.precision.NumberFormat;
import dev.assay.gradcheck.precision.RoundingRule;
import dev.assay.gradcheck.precision.Setup;
import dev.assay.gradcheck.precision.Summation;
import dev.assay.gradcheck.precision.Sweep;
import dev.assay.gradcheck.precision.Sweep.Axis;
import dev.assay.mechanism.Mechanism;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/** The page on narrow numbers, with its figures. */
public final class PrecisionPage {
  private static final String HEAD =
      """
      # What narrow numbers do

      <!-- made by './assay precision --write', with the figures in docs/precision -->

      `assay precision MECHANISM` replays the recorded definition of any mechanism, forward and gradient, on a machine with narrow numbers,
      and holds the results against binary64. Inputs are values of the storage format to begin with, so that nothing but arithmetic errs.
      Operands of products and results are rounded to the storage format; scores, weights and sums to the accumulation format, operation by
      operation. Functions of one number are rounded once. Queries are drawn apart from the keys, so that all keys of a row weigh about
      alike and logits do not grow with the depth. Discrete choices (which blocks, which tokens) are those of binary64: what a narrow
      score would choose is another question, which `margin` in the goldens answers.

      Figures show the root mean square of the error over that of the values; dashed is what is left if true values are only stored.
      'Likely' and 'worst' are the slopes of theory for the sums alone, between the ends of the curve: a term takes part in g additions,
      and errs by sqrt(g) u if signs are independent, by g u if they agree. 'Lean' is below 0 where magnitudes come out too small.
      All is computed, nothing is timed, so it is the same on every machine.
      """;

  private static final String ORDERS =
      """

      ## In which order a sum is added

      `assay precision dense --against order --storage f32 --d 8 --forward`: everything in binary32. The plain order grows with the root of n,
      as independent signs have it, and nowhere near as n. Blocks of 64 stand still until n is 64 times 64. Pairs and a corrected sum do not
      grow at all. The tree pays for its exponentials of log-sum-exps at every merge: `exp(L1 - L)` is off by the rounding of L, which is a
      few times that of a weight. An LSE near 6 hides what its sum lost behind its own last bit.

      """;

  private static final String RULES =
      """

      ## How it is rounded

      `assay precision dense --storage bf16 --accumulate bf16 --rounding nearest,zero,stochastic --d 8 --forward`: sums as narrow as what is
      stored. To nearest, a sum of weights stands still at 256 of them, for what is added is less than half a unit: outputs are then too
      large by as much as the sum is too small, and the slope is steeper than any theory of small errors. Cut off, every addition loses in
      the same direction. At random, nothing stands still and errors grow with the root of n: at 1024 keys a ninth of the others'.

      """;

  private static final String FORMATS =
      """

      ## How large logits are

      `assay precision dense --storage f32,bf16,fp16,e4m3,e5m2 --against range --forward`: with sums in binary32, storage alone decides and logits
      hardly matter; only in binary32 is a logit's own rounding seen. Eight bits are the other way about: while logits are small, the weights
      of 256 keys lie near 2^-8, below the least normal number of e4m3, 2^-6; where few keys have the weight, e4m3 is twice as good as e5m2,
      as its one bit more promises.

      """;

  private static final String EIGHTS =
      """

      ## Weights of eight bits in long rows

      `assay precision dense --storage e4m3,e5m2 --order naive,blocked --d 8 --forward`: divided by their sum before they are stored, as the
      definition has it, the weights of e4m3 vanish as rows grow longer. Online softmax stores `exp(s - max)`, which is at most 1 and near
      it where keys weigh alike, and divides at the end: the error no longer depends on n. So in eight bits the order of operations is worth more
      than the format.

      """;

  private static final String BLOCKS =
      """

      ## How large a block is

      `assay precision dense --storage f32 --rounding zero --against block --order blocked,tree --n 1024 --d 8 --forward`: a term takes part in b
      additions within its block, and in n/b behind it. Both ends are dear, and the best block is near the root of n. A tree has only
      log2(n/b) behind the block, and likes small ones.

      """;

  private static final String EVERY =
      """

      ## Every mechanism

      On 64 tokens of 16 channels and 2 heads, plain order, sums in binary32: the error of the output, and the worst of the gradients with its
      name. One that stands out is small because large parts cancel in it. Inverses (nystromformer) lose a few bits on the way. The state
      of linear-recurrence grows on these keys, which are not normalised: it overflows binary16 ('not finite'), and eight bits saturate.

      """;

  private static final List<NumberFormat> STORED =
      List.of(NumberFormat.F32, NumberFormat.FP16, NumberFormat.BF16, NumberFormat.E4M3);

  private PrecisionPage() {}

  /** Texts by path below the project's root. */
  public static SequencedMap<String, String> files() throws IOException {
    SequencedMap<String, String> files = new TreeMap<>();
    Map<String, PrecisionFigure> parts = new LinkedHashMap<>();
    parts.put(ORDERS, PrecisionFigure.orders());
    parts.put(RULES, PrecisionFigure.rules());
    parts.put(FORMATS, PrecisionFigure.formats());
    parts.put(EIGHTS, PrecisionFigure.eights());
    parts.put(BLOCKS, PrecisionFigure.blocks());
    StringBuilder page = new StringBuilder(HEAD);
    for (Map.Entry<String, PrecisionFigure> part : parts.entrySet()) {
      files.put(part.getValue().file(), part.getValue().svg());
      page.append(part.getKey()).append(part.getValue().markdown());
    }
    page.append(EVERY).append("| mechanism |");
    STORED.forEach(stored -> page.append(" %s | gradient |".formatted(stored)));
    page.append("\n|---|").append("---:|---|".repeat(STORED.size())).append('\n');
    MechanismCatalog.all().parallelStream().map(PrecisionPage::row).forEachOrdered(page::append);
    files.put("docs/precision.md", page.toString());
    return files;
  }

  private static String row(Mechanism mechanism) {
    List<Machine> machines =
        STORED.stream()
            .map(
                stored ->
                    new Machine(
                        stored, NumberFormat.F32, RoundingRule.NEAREST, Summation.NAIVE, 64))
            .toList();
    Setup setup = new Setup(mechanism, 64, 16, 2, 1, 1, true);
    List<Curve> curves = new Sweep(Axis.N, List.of(64.0)).run(setup, machines, _ -> {});
    StringBuilder row = new StringBuilder("| " + mechanism.id() + " |");
    for (Machine machine : machines) {
      String worst = "";
      Errors out = new Errors(0, 0, 0, 0, 0);
      Errors most = out;
      for (Curve curve : curves) {
        Errors errors = curve.points().getFirst().errors();
        if (!curve.machine().equals(machine) || curve.tensor().equals("lse")) {
          continue;
        }
        if (curve.tensor().equals("out")) {
          out = errors;
        } else if (worst.isEmpty() || isWorse(errors, most)) {
          worst = curve.tensor();
          most = errors;
        }
      }
      row.append(" %s | %s `%s` |".formatted(number(out), number(most), worst));
    }
    return row.append('\n').toString();
  }

  private static boolean isWorse(Errors errors, Errors most) {
    return most.broken() == 0 && (errors.broken() > 0 || errors.rms() > most.rms());
  }

  private static String number(Errors errors) {
    return errors.broken() > 0 ? "not finite" : String.format(Locale.ROOT, "%.1e", errors.rms());
  }
}
