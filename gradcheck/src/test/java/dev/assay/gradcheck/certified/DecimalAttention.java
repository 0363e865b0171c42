package dev.assay.gradcheck.certified;

import ch.obermuhlner.math.big.BigDecimalMath;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.Operation;
import dev.assay.tensor.Tensor;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Softmax attention at seventy digits, by the formulas of section 2 of the suite's SPEC.md. */
final class DecimalAttention {
  private static final MathContext DIGITS = new MathContext(70);

  private final Map<String, Object> op;
  private final GoldenCase golden;
  private final int heads;
  private final int kvHeads;
  private final int queries;
  private final int keys;
  private final int depth;
  private final int width;
  private final BigDecimal scale;
  private final Map<String, BigDecimal[]> results = new HashMap<>();

  DecimalAttention(GoldenCase golden) {
    this.golden = golden;
    this.op = Operation.of(golden);
    this.heads = extent("Hq");
    this.kvHeads = extent("Hkv");
    this.queries = extent("Sq");
    this.keys = extent("Skv");
    this.depth = extent("D");
    this.width = extent("Dv");
    this.scale =
        new BigDecimal(Double.parseDouble((String) Objects.requireNonNull(op.get("scale"))));
  }

  private int extent(String name) {
    return (int) Objects.requireNonNull(op.get(name));
  }

  /** out, lse and, if the case asks for them, dq, dk and dv. */
  Map<String, BigDecimal[]> results() {
    int batches = extent("B");
    for (String name : List.of("out", "lse")) {
      put(name, batches * heads * queries * (name.equals("out") ? width : 1));
    }
    if (golden.backward()) {
      put("dq", batches * heads * queries * depth);
      put("dk", batches * kvHeads * keys * depth);
      put("dv", batches * kvHeads * keys * width);
    }
    for (int b = 0; b < batches; b++) {
      for (int h = 0; h < heads; h++) {
        for (int i = 0; i < queries; i++) {
          row(b, h, i);
        }
      }
    }
    return results;
  }

  private void put(String name, int size) {
    BigDecimal[] zeros = new BigDecimal[size];
    Arrays.fill(zeros, BigDecimal.ZERO);
    results.put(name, zeros);
  }

  private boolean allows(int b, int i, int j) {
    int at = i + (int) ((List<?>) Objects.requireNonNull(op.get("offset"))).get(b);
    if (op.get("window") instanceof Map<?, ?> window) {
      int left = (int) Objects.requireNonNull(window.get("left"));
      int right = (int) Objects.requireNonNull(window.get("right"));
      return (left < 0 || j >= at - left) && (right < 0 || j <= at + right);
    }
    return !Objects.equals(op.get("causal"), true) || j <= at;
  }

  private void row(int b, int h, int i) {
    int row = (b * heads + h) * queries + i;
    int shared = b * kvHeads + h / (heads / kvHeads);
    BigDecimal[] p = new BigDecimal[keys];
    BigDecimal sum = BigDecimal.ZERO;
    for (int j = 0; j < keys; j++) {
      if (allows(b, i, j)) {
        BigDecimal s =
            scale.multiply(dot("q", row * depth, "k", (shared * keys + j) * depth, depth));
        p[j] = BigDecimalMath.exp(s, DIGITS);
        sum = sum.add(p[j]);
      } else {
        p[j] = BigDecimal.ZERO;
      }
    }
    result("lse")[row] = BigDecimalMath.log(sum, DIGITS);
    for (int j = 0; j < keys; j++) {
      p[j] = p[j].divide(sum, DIGITS);
      add("out", row * width, p[j], "v", (shared * keys + j) * width, width);
    }
    if (golden.backward()) {
      backward(row, shared, p);
    }
  }

  /** {@code dS = p (d_out . v - D)} with {@code D = d_out . out - d_lse}. */
  private void backward(int row, int shared, BigDecimal[] p) {
    BigDecimal delta = BigDecimal.ZERO;
    for (int c = 0; c < width; c++) {
      delta = delta.add(input("d_out", row * width + c).multiply(result("out")[row * width + c]));
    }
    delta = delta.subtract(input("d_lse", row));
    for (int j = 0; j < keys; j++) {
      int key = shared * keys + j;
      BigDecimal dp =
          golden.inputs().containsKey("d_out")
              ? dot("d_out", row * width, "v", key * width, width)
              : BigDecimal.ZERO;
      BigDecimal ds = scale.multiply(p[j]).multiply(dp.subtract(delta), DIGITS);
      add("dq", row * depth, ds, "k", key * depth, depth);
      add("dk", key * depth, ds, "q", row * depth, depth);
      if (golden.inputs().containsKey("d_out")) {
        add("dv", key * width, p[j], "d_out", row * width, width);
      }
    }
  }

  private BigDecimal[] result(String name) {
    return Objects.requireNonNull(results.get(name));
  }

  /** An element of an input; an absent cotangent is 0. */
  private BigDecimal input(String name, int position) {
    Tensor tensor = golden.inputs().get(name);
    return tensor == null ? BigDecimal.ZERO : new BigDecimal(tensor.get(position));
  }

  private BigDecimal dot(String a, int from, String b, int start, int length) {
    BigDecimal sum = BigDecimal.ZERO;
    for (int c = 0; c < length; c++) {
      sum = sum.add(input(a, from + c).multiply(input(b, start + c)));
    }
    return sum;
  }

  private void add(String to, int at, BigDecimal factor, String from, int start, int length) {
    BigDecimal[] target = result(to);
    for (int c = 0; c < length; c++) {
      BigDecimal term = factor.multiply(input(from, start + c));
      target[at + c] = target[at + c].add(term, new MathContext(120));
    }
  }
}
