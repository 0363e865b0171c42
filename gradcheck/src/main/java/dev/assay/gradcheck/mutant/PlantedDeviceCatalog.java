package dev.assay.gradcheck.mutant;

import java.util.List;
import java.util.stream.Stream;

/**
 * The faults of the catalogue that have a place in the kernels of devices: in the plain ones, which
 * are run for all problems while faults are planted.
 */
final class PlantedDeviceCatalog {
  private static final String INDEX = "device/PairIndex";
  private static final String STEP = "device/SoftmaxStep";
  private static final String LOGITS = "tornado/Logits";
  private static final String FORWARD = "tornado/ForwardKernel";
  private static final String DELTA = "tornado/DeltaKernel";
  private static final String GRADIENTS = "tornado/LogitGradients";
  private static final String KEYS = "tornado/KeyGradientKernel";
  private static final String PLACES = "tornado/Places";

  private PlantedDeviceCatalog() {}

  static List<Planted> all() {
    return Stream.of(masking(), softmax(), logits(), indexing(), gradients())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Planted> masking() {
    String hidden = "float logit = Float.NEGATIVE_INFINITY;\n    int range";
    return List.of(
        new Planted("M10", INDEX, "j < to &&", "j < to - 1 &&"),
        new Planted("M11", INDEX, "j < to &&", "j < to + 1 &&"),
        new Planted("M12", INDEX, "j >= from &&", "j > from &&"),
        new Planted("M13", INDEX, "j >= from &&", "j >= from - 1 &&"),
        new Planted("M15", LOGITS, hidden, "float logit = 0;\n    int range"),
        new Planted("M16", LOGITS, hidden, "float logit = -50_000f;\n    int range"),
        new Planted("M17", LOGITS, hidden, "float logit = -3.4028234e38f;\n    int range"),
        new Planted(
            "M20",
            FORWARD,
            "counts |= SoftmaxStep.seen(s[a * EACH + t]) ? 1 << (a * EACH + t) : 0;",
            "counts |= 1 << (a * EACH + t);"),
        new Planted("M21", LOGITS, "ints.get(Header.MASK) >= 0", "ints.get(Header.MASK) < -1"));
  }

  private static List<Planted> softmax() {
    String lse = "rowMax[a] + TornadoMath.log(sum);";
    String empty = "float lse = empty ? Float.NEGATIVE_INFINITY";
    String divided = "results[a * WIDE + t] / sum;";
    return List.of(
        new Planted(
            "M22",
            FORWARD,
            "newMax = SoftmaxStep.larger(newMax, lanes[(y + SIDE * a) * SIDE + lane]);",
            "newMax = 0;"),
        new Planted("M24", FORWARD, "rowMax[a] = Float.NEGATIVE_INFINITY;", "rowMax[a] = 0;"),
        new Planted("M25", STEP, "? 0 : rowMax;", "? rowMax : rowMax;"),
        new Planted(
            "M26",
            FORWARD,
            "float rescale = TornadoMath.exp(rowMax[a] - shift);",
            "float rescale = 1;"),
        new Planted("M27", FORWARD, "results[a * WIDE + t] *= rescale;", "results[0] *= 1;"),
        new Planted("M28", FORWARD, "rowSum[a] * rescale + sum;", "rowSum[a] + sum;"),
        new Planted("M29", STEP, "return rowSum == 0;", "return rowSum < 0;"),
        new Planted("M30", FORWARD, divided, "results[a * WIDE + t] / (sum + 1e-5f);"),
        new Planted("M31", FORWARD, divided, "results[a * WIDE + t] / (sum + 1);"),
        new Planted("M35", FORWARD, lse, "(rowMax[a] + TornadoMath.log(sum)) * 1.442695f;"),
        new Planted("M36", FORWARD, lse, "TornadoMath.log(sum);"),
        new Planted("M38", FORWARD, empty, "float lse = empty ? Float.POSITIVE_INFINITY"),
        new Planted("M39", FORWARD, empty, "float lse = empty ? -1e30f"));
  }

  private static List<Planted> logits() {
    String score = "float score = in.get(ints.get(Header.SCALE_AT)) * dot;";
    return List.of(
        new Planted(
            "M40",
            LOGITS,
            score,
            // With (scale * scale) * dot no kernel comes of it: the compiler gives up.
            "float scale = in.get(ints.get(Header.SCALE_AT)); float score = scale * (scale * dot);"),
        new Planted(
            "M41",
            LOGITS,
            score,
            "float score = in.get(ints.get(Header.SCALE_AT)) * 1.001f * dot;"),
        new Planted("M44", LOGITS, "? bias : logit + bias;", "? bias : logit + bias * 0.6931472f;"),
        new Planted("M46", LOGITS, "if (cap > 0) {", "if (cap < 0) {"));
  }

  private static List<Planted> indexing() {
    String head = "return h / (heads / kvHeads);";
    String bias = "Places.pair(ints, Header.BIAS, b, h, i, j)";
    String page = "b * ints.get(Header.PAGES) + j / size";
    return List.of(
        new Planted("M48", INDEX, head, "return h % kvHeads;"),
        new Planted("M49", INDEX, head, "return 0;"),
        new Planted("M50", PLACES, "return b * lists + h % lists;", "return b * lists;"),
        new Planted("M55", LOGITS, bias, "Places.pair(ints, Header.BIAS, b, 0, i, j)"),
        new Planted("M56", LOGITS, bias, "Places.pair(ints, Header.BIAS, 0, h, i, j)"),
        new Planted("M57", LOGITS, bias, "Places.pair(ints, Header.BIAS, b, h, 0, j)"),
        new Planted(
            "M58",
            PLACES,
            page,
            "(ints.get(Header.PAGED) == 1 ? 0 : b) * ints.get(Header.PAGES) + j / size"),
        new Planted(
            "M59",
            PLACES,
            "PairIndex.keyRow(ints.get(entry),",
            "PairIndex.keyRow(ints.get(Header.PAGED) == 1 ? j / size : b,"),
        new Planted(
            "M65",
            FORWARD,
            "int end = ints.get(pointer + 1);",
            "int end = ints.get(pointer + 1) - 1;"));
  }

  private static List<Planted> gradients() {
    return List.of(
        new Planted(
            "M77",
            DELTA,
            "delta += in.get(dOutAt + c) * in.get(outAt + c);",
            "delta += 0 * in.get(outAt + c);"),
        new Planted("M79", DELTA, "if (ints.get(Header.D_LSE_AT) >= 0)", "if (delta != delta)"),
        new Planted("M80", DELTA, "delta -= in.get(", "delta += in.get("),
        new Planted(
            "M85",
            GRADIENTS,
            "TornadoMath.exp(p[own] - lse)",
            "TornadoMath.exp(0.6931472f * (p[own] - lse))"),
        new Planted(
            "M89",
            KEYS,
            "Sums.overQueries(context, ints, in, b, h, queryTile, qAt, depth, ds, counts, dk);",
            "Sums.overQueries(context, ints, in, b, h, queryTile, qAt, depth, ds, h == kvHead * group ? counts : 0, dk);"),
        new Planted(
            "M91",
            "tornado/BiasGradientKernel",
            "out.set(at, out.get(at) + ds[own]);",
            "out.set(at, ds[own]);"),
        new Planted("M94", GRADIENTS, "scale * (slope * ds[own])", "scale * ds[own]"),
        new Planted("M95", GRADIENTS, "? factor * ds[own] : 0;", "? ds[own] : ds[own];"),
        new Planted("M96", GRADIENTS, "p[own] = factor * weight;", "p[own] = weight;"));
  }
}
