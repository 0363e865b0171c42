package dev.assay.gradcheck.recipe;

import dev.assay.autograd.Var;
import dev.assay.gradcheck.certified.Certificate;
import dev.assay.gradcheck.certified.Certifier;
import dev.assay.gradcheck.certified.Flag;
import dev.assay.gradcheck.recipe.Gathering.SmallProblem;
import dev.assay.mechanism.Evaluation;
import dev.assay.op.Ops;
import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Proves what a recipe expects, by the path of every other case: each small problem is defined by
 * ops, and the rows that are sampled are replayed in balls.
 */
public final class RecipeProof {
  private final Certifier certifier = new Certifier();

  /** Certificates of one small problem, and where their rows belong. */
  private record Part(Map<String, int[]> samples, Map<String, Certificate> certificates) {}

  /** Certificates of the sampled rows of the expected results, by name. */
  public SequencedMap<String, Certificate> certify(Gathering gathering) {
    List<Part> parts =
        gathering.strands().parallelStream().map(strand -> part(gathering, strand)).toList();
    SequencedMap<String, Certificate> all = new LinkedHashMap<>();
    gathering
        .recipe()
        .golden()
        .expect()
        .forEach((result, like) -> all.put(result, joined(result, like.shape(), parts)));
    return all;
  }

  private Part part(Gathering gathering, Strand strand) {
    SmallProblem problem = gathering.problem(strand);
    Evaluation defined = Evaluation.define(problem.mechanism(), problem.inputs());
    SequencedMap<String, Var> wanted = new LinkedHashMap<>();
    Map<String, int[]> samples = new LinkedHashMap<>();
    for (String result : gathering.recipe().golden().expect().sequencedKeySet()) {
      int[] places = gathering.places(strand, result);
      int[] here = IntStream.range(0, places.length).filter(s -> places[s] >= 0).toArray();
      if (here.length > 0) {
        int[] rows = IntStream.of(here).map(s -> places[s]).toArray();
        wanted.put(result, Ops.gather(rows(defined, result), 0, rows));
        samples.put(result, here);
      }
    }
    return new Part(samples, certifier.certify(defined.tape(), wanted));
  }

  /** A result as rows of channels, or as numbers. */
  private static Var rows(Evaluation defined, String result) {
    Var all =
        switch (result) {
          case "out" -> defined.answer().out();
          case "lse" -> Objects.requireNonNull(defined.answer().lse());
          default -> Objects.requireNonNull(defined.gradients().get(result), result);
        };
    int size = all.shape().size();
    int width = result.equals("lse") ? 1 : all.shape().extent(-1);
    return Ops.reshape(all, result.equals("lse") ? Shape.of(size) : Shape.of(size / width, width));
  }

  private static Certificate joined(String result, Shape shape, List<Part> parts) {
    double[] values = new double[shape.size()];
    int exact = 0;
    Map<DType, Integer> narrowed = new EnumMap<>(DType.class);
    SortedMap<Integer, Flag> flagged = new TreeMap<>();
    int width = shape.size() / shape.extent(0);
    for (Part part : parts) {
      Certificate one = part.certificates().get(result);
      int[] samples = part.samples().get(result);
      if (one == null || samples == null) {
        continue;
      }
      for (int p = 0; p < one.values(); p++) {
        values[samples[p / width] * width + p % width] = one.value().get(p);
      }
      one.flagged().forEach((p, flag) -> flagged.put(samples[p / width] * width + p % width, flag));
      one.narrowed().forEach((type, count) -> narrowed.merge(type, count, Integer::sum));
      exact += one.exact();
    }
    return new Certificate(Tensor.adopt(shape, values), exact, narrowed, flagged);
  }
}
