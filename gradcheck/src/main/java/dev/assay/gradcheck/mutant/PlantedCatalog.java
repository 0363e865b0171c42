package dev.assay.gradcheck.mutant;

import java.util.List;
import java.util.stream.Stream;

/** The faults of the catalogue that have a place in the fast kernels. */
final class PlantedCatalog {
  private static final String KEEP = "simd/KeepBits";
  private static final String TILE = "simd/LogitTile";
  private static final String ONLINE = "simd/OnlineSoftmax";
  private static final String ROW = "simd/RowSoftmax";
  private static final String FORWARD = "simd/ForwardKernel";
  private static final String ROWS = "simd/Rows";
  private static final String BACKWARD = "simd/BackwardKernel";
  private static final String PAIR = "simd/PairTensor";
  private static final String STATISTICS = "simd/RowStatistics";

  private PlantedCatalog() {}

  static List<Planted> all() {
    return Stream.of(masking(), softmax(), logSums(), indexing(), deltas(), gradients())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Planted> masking() {
    String to = "ranges.to()[row] - firstKey)";
    String from = "ranges.from()[row] - firstKey,";
    String masked = ".blend(Float.NEGATIVE_INFINITY, masked)";
    return List.of(
        new Planted(
            "M03", "simd/Span", "(EDGE, keys - tile * EDGE)", "(EDGE, keys - 1 - tile * EDGE)"),
        new Planted("M04", KEEP, "if (place.full() && mask == null)", "if (mask == null)"),
        new Planted("M10", KEEP, to, "ranges.to()[row] - 1 - firstKey)"),
        new Planted("M11", KEEP, to, "ranges.to()[row] + 1 - firstKey)"),
        new Planted("M12", KEEP, from, "ranges.from()[row] + 1 - firstKey,"),
        new Planted("M13", KEEP, from, "ranges.from()[row] - 1 - firstKey,"),
        new Planted("M15", TILE, masked, ".blend(0f, masked)"),
        new Planted("M16", TILE, masked, ".blend(-50_000f, masked)"),
        new Planted("M17", TILE, masked, ".blend(-Float.MAX_VALUE, masked)"),
        new Planted(
            "M20",
            "simd/PairChunk",
            "if (!contains(s, count, Float.NEGATIVE_INFINITY))",
            "if (count >= 0)"),
        new Planted("M21", KEEP, "if (mask != null) {", "if (mask != null && heads == 0) {"));
  }

  private static List<Planted> softmax() {
    return List.of(
        new Planted("M22", ONLINE, "float newMax = tops[r];", "float newMax = 0;"),
        new Planted(
            "M25",
            ONLINE,
            "max.blend(0, max.compare(VectorOperators.EQ, Float.NEGATIVE_INFINITY));",
            "max;"),
        new Planted(
            "M26", ROW, "Math.max((float) StrictMath.exp(max - top), Float.MIN_NORMAL);", "1;"),
        new Planted("M27", ROW, "out[c] *= factor;", "out[c] *= 1;"),
        new Planted("M28", ROW, "sum *= factor;", "sum *= 1;"),
        new Planted("M29", ONLINE, "sum.blend(1, sum.compare(VectorOperators.EQ, 0))", "sum"),
        new Planted("M30", ONLINE, ".div(divisor)", ".div(divisor.add(1e-5f))"),
        new Planted("M31", ONLINE, ".div(divisor)", ".div(divisor.add(1))"),
        new Planted("M34", ONLINE, "sub(shift).mul((float) Exp2.LOG2_E)", "sub(shift)"),
        new Planted(
            "M44",
            TILE,
            "? b : logits[to + c] + b;",
            "? b : logits[to + c] + b * (float) Exp2.LN_2;"),
        new Planted(
            "M40",
            TILE,
            "this.queryFactor = (float) problem.scale();",
            "this.queryFactor = (float) (problem.scale() * problem.scale());"),
        new Planted(
            "M41",
            TILE,
            "this.queryFactor = (float) problem.scale();",
            "this.queryFactor = (float) (problem.scale() * 1.001);"),
        new Planted(
            "M42",
            TILE,
            "this.queryFactor = (float) problem.scale();",
            "this.queryFactor = (float) (1 / Math.sqrt(problem.valueDepth()));"),
        new Planted("M46", TILE, "problem.softcap() > 0", "problem.softcap() < 0"));
  }

  private static List<Planted> logSums() {
    String lse = "return (float) (maxima[r] + Ln.of(sums[r]));";
    String fill = "Arrays.fill(lse, Float.NEGATIVE_INFINITY);";
    return List.of(
        new Planted(
            "M35", ONLINE, lse, "return (float) ((maxima[r] + Ln.of(sums[r])) / Exp2.LN_2);"),
        new Planted("M36", ONLINE, lse, "return (float) Ln.of(sums[r]);"),
        new Planted("M37", ONLINE, lse, "return 0;"),
        new Planted("M38", "simd/SimdForward", fill, "Arrays.fill(lse, Float.POSITIVE_INFINITY);"),
        new Planted("M39", "simd/SimdForward", fill, "Arrays.fill(lse, -1e30f);"));
  }

  private static List<Planted> indexing() {
    String head = "int head = problem.kvHead(place.head());";
    return List.of(
        new Planted("M48", FORWARD, head, "int head = place.head() % problem.kvHeads();"),
        new Planted("M49", FORWARD, head, "int head = 0;"),
        new Planted("M50", "simd/TiledProblem", "byHead[byHead.length == 1 ? 0 : h]", "byHead[0]"),
        new Planted(
            "M54",
            ROWS,
            "int to = position(span, head, tile, r);",
            "int to = position(span, head, tile, Math.max(0, Math.min(r, rowsIn(span, tile) - 2)));"),
        new Planted("M55", PAIR, "place.head() * headStride", "0 * headStride"),
        new Planted("M56", PAIR, "place.batch() * batchStride", "0 * batchStride"),
        new Planted("M57", PAIR, "(place.firstQuery() + i) * queryStride", "0 * queryStride"),
        new Planted("M60", "simd/Span", "return Tile.count(keys);", "return keys / EDGE;"),
        new Planted(
            "M62", "simd/ChunkBlocks", "boolean pending = own;", "boolean pending = false;"),
        new Planted(
            "M65",
            "simd/ListedTiles",
            "return rowPtr[queryTile + 1];",
            "return Math.max(rowPtr[queryTile], rowPtr[queryTile + 1] - 1);"),
        new Planted(
            "M102",
            ONLINE,
            ".div(divisor)",
            ".div(divisor).reinterpretAsInts().and(0xFFFF0000).reinterpretAsFloats()"));
  }

  private static List<Planted> deltas() {
    String delta = "(dLse == null ? dot : dot - dLse.floats()[row])";
    return List.of(
        new Planted("M77", STATISTICS, delta, "(dLse == null ? 0 : -dLse.floats()[row])"),
        new Planted("M79", STATISTICS, delta, "dot"),
        new Planted("M80", STATISTICS, delta, "(dLse == null ? dot : dot + dLse.floats()[row])"),
        new Planted(
            "M82",
            BACKWARD,
            "logitTile.byQuery(s, place, keepBits.byQuery(place), slopes);",
            "logitTile.byQuery(s, place, null, slopes);"),
        new Planted(
            "M85",
            "simd/LogitGradient",
            "Exp2.of(exponent.mul((float) Exp2.LOG2_E))",
            "Exp2.of(exponent)"));
  }

  private static List<Planted> gradients() {
    return List.of(
        new Planted(
            "M86",
            BACKWARD,
            "results.dv().store(",
            "for (int c = 0; tile == span.keyTiles() - 1 && c < problem.valueDepth(); c++) {"
                + " dv.values()[dv.row(c) + span.keysIn(tile) - 1] = 0; }"
                + " results.dv().store("),
        new Planted(
            "M87",
            BACKWARD,
            "product.add(queries.finiteQ(), ds, dk,",
            "Arrays.fill(dk.values(), 0); product.add(queries.finiteQ(), ds, dk,"),
        new Planted(
            "M88",
            BACKWARD,
            "place.keys(), Matrix.padded(problem.depth()), true);",
            "place.keys(), Matrix.padded(problem.depth()), false);"),
        new Planted(
            "M91",
            "simd/BiasGradient",
            "gradient[at + c] += ds.values()[ds.row(r) + c];",
            "gradient[at + c] = ds.values()[ds.row(r) + c];"),
        new Planted("M92", BACKWARD, "tile, dkByKey, scale);", "tile, dkByKey, 1);"),
        new Planted(
            "M93",
            BACKWARD,
            "last ? (float) problem.scale() : 1",
            "last ? (float) (problem.scale() * problem.scale()) : 1"),
        new Planted("M94", BACKWARD, "if (slopes != null) {", "if (slopes != null && turn < 0) {"),
        new Planted("M95", BACKWARD, "dropout.byQuery(ds, place, null);", "dropout.hashCode();"),
        new Planted(
            "M96",
            BACKWARD,
            "dropout.byQuery(s, place, queries.poisonedDOut() ? kept : null);",
            "dropout.hashCode();"));
  }
}
