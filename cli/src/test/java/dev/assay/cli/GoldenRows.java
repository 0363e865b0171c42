package dev.assay.cli;

import dev.assay.file.TensorFile;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The sample and its numbers, as a separate program gave them. */
final class GoldenRows {
  static final int N = 8;
  static final int D = 4;

  private GoldenRows() {}

  /**
   * A row.
   *
   * @param name as the other program calls it
   * @param numbers sum of o, sum of cos(i + 2t) o, o[5][2], and of the gradients of the second sum
   *     in q, k and v the sums with cos(.3 i + t); the last three may be left out
   * @param given further tensors of the file
   * @param wiring text of a layer, or empty
   * @param arguments of the verb run
   */
  record Row(
      String name, double[] numbers, Map<String, Tensor> given, String wiring, String arguments) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static double[] numbers(double... all) {
    return all;
  }

  /** The sample as one head of several that are the same. */
  private static String head(String mechanism, int heads, int head) {
    StringBuilder text = new StringBuilder("mechanism " + mechanism + "\n");
    for (String name : List.of("q", "k", "v")) {
      text.append("one_%s = reshape(%s, 1, 1, 8, 4)\n".formatted(name, name));
      text.append("%s = concat(1%s)\n".formatted(name, (", one_" + name).repeat(heads)));
    }
    return text + "run\nout = reshape(slice(out, 1, %d, %d), 8, 4)\n".formatted(head, head + 1);
  }

  static List<Row> all() {
    List<Row> rows = new ArrayList<>(patterns());
    rows.addAll(others());
    return rows;
  }

  private static List<Row> patterns() {
    return List.of(
        new Row(
            "dense",
            numbers(
                1.0434565196,
                -1.0744821145,
                0.0213478541,
                -0.1978391249,
                0.1286100843,
                1.0509881320),
            Map.of(),
            "",
            "dense"),
        new Row(
            "causal ALiBi slope 0.5",
            numbers(
                -0.7273355803,
                -1.7444596254,
                -0.2132203555,
                -0.0339250013,
                0.0927936426,
                -0.4003017222),
            Map.of(),
            // Of eight heads the first has this slope.
            head("dense causal=true alibi=DISTANCE", 8, 0),
            ""),
        new Row(
            "causal RoPE half",
            numbers(
                -0.0218839670,
                -1.3728711996,
                -0.0060992058,
                0.0735391639,
                -0.0602912823,
                -0.4639961538),
            Map.of(),
            "",
            "dense --set causal=true --set rope=HALF"),
        new Row(
            "Sparse fixed merged l=3 c=1",
            numbers(
                0.4457163829,
                -1.8673285414,
                0.0829695936,
                0.0972761143,
                0.0702451165,
                -0.4042438183),
            Map.of(),
            "",
            "sparse-transformer --set pattern=FIXED --set stride=3 --set columns=1"),
        new Row(
            "sliding a=2 causal",
            numbers(
                -1.9649495699,
                -2.2645680000,
                -0.0590234357,
                -0.1630351366,
                0.1249351502,
                -0.2326930665),
            Map.of(),
            "",
            "sliding-window --set window=3"),
        new Row(
            "BigBird b=1 r=1 table",
            numbers(
                0.8323404724,
                -0.8215513872,
                -0.2543171056,
                0.0018460058,
                0.0457744360,
                0.5772644382),
            Map.of("idx", Tensor.of(Shape.of(1, 6, 1), 4, 5, 6, 1, 2, 2)),
            "",
            "big-bird --set block=1 --set reading=MULTISET"),
        new Row(
            "block-local w=3 before1 after1",
            numbers(
                -0.7041201139,
                -0.9207519805,
                0.0213478541,
                -0.2626909090,
                0.1914258852,
                0.3718709866),
            Map.of(),
            "",
            "block-local --set block=3"));
  }

  private static List<Row> others() {
    Tensor buckets =
        Tensor.of(Shape.of(1, 1, 2, N), 0, 1, 0, 1, 1, 0, 2, 0, 1, 1, 0, 2, 0, 0, 2, 1);
    return List.of(
        new Row(
            "Reformer causal add",
            numbers(
                -5.0255285480,
                -2.5518057963,
                -0.1662928041,
                0.2687422448,
                0.0000000000,
                -0.7021869392),
            Map.of("buckets", buckets),
            "",
            "reformer --set chunk=2 --set norm=UNIT --set scale=1 --set causal=true"),
        new Row(
            "Reformer noncausal key/sqrt d",
            numbers(
                0.7815064247,
                -0.3203647954,
                0.0736590594,
                0.2210009586,
                0.0000000000,
                0.2900582819),
            Map.of("buckets", buckets),
            "",
            "reformer --set chunk=2 --set norm=UNIT"),
        new Row(
            "Linformer k=3 E=F",
            numbers(
                -9.1437262986,
                -0.7537508256,
                -0.9963776757,
                0.0289165656,
                -0.0159035038,
                0.1473770112),
            Map.of(
                "e",
                Tensor.generate(Shape.of(3, N), p -> Math.cos(.4 * across(p) + .9 * (p % N)) / 2)),
            "",
            "linformer --set sharing=KEY_VALUE"),
        new Row(
            "linear elu+1 noncausal",
            numbers(
                -4.9700195469,
                -0.4305408371,
                -0.2490061031,
                -0.1903906124,
                -0.0416676325,
                0.8075440491),
            Map.of(),
            "",
            "linear-transformer"),
        new Row(
            "Informer table u=3 causal",
            numbers(
                5.2068715883,
                -3.8333544032,
                0.0267943902,
                0.1200738364,
                -0.1005901002,
                -3.6611723141),
            Map.of(
                "sampled", Tensor.generate(Shape.of(N, 3), p -> (3 * (p / 3) + 5 * (p % 3)) % N)),
            "",
            "informer --set factor=1 --set causal=true"),
        new Row(
            "LongNet (4,1,s0)+(8,2,s1) causal",
            numbers(
                -4.4984211940,
                -1.8547954033,
                -0.1698221588,
                -0.0655880854,
                0.1141711550,
                -0.6413078862),
            Map.of(),
            // Of two heads the second begins with token 1 of a segment.
            head("long-net segments=4,8 ratios=1,2 causal=true", 2, 1),
            ""),
        new Row(
            "Nystrom m=4 30 it",
            numbers(0.9929479083, -1.0899118649, -0.0160331770),
            Map.of(),
            "",
            "nystromformer --set landmarks=4 --set iterations=30"));
  }

  /** The inputs of the sample: sines of the indices, and the cotangent of the second sum. */
  static TensorFile.Builder sample() {
    Shape shape = Shape.of(N, D);
    return TensorFile.builder()
        .put("q", Tensor.generate(shape, p -> Math.sin(1 + .7 * row(p) + 1.3 * (p % D))))
        .put("k", Tensor.generate(shape, p -> key(row(p), p % D)))
        .put("v", Tensor.generate(shape, p -> Math.sin(.3 + 1.1 * row(p) - .6 * (p % D))))
        .put("d_out", Tensor.generate(shape, p -> Math.cos(row(p) + 2.0 * (p % D))));
  }

  static int row(int p) {
    return p / D;
  }

  /** The row of a matrix over the tokens. */
  private static int across(int p) {
    return p / N;
  }

  private static double key(int i, int t) {
    return Math.cos(.5 + .9 * i + .4 * t + .1 * i * t);
  }
}
