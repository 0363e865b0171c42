package dev.assay.gradcheck.golden;

import dev.assay.gradcheck.suite.CaseDocument.Recipe;
import dev.assay.gradcheck.suite.Drawn;
import dev.assay.gradcheck.suite.NativeTypes;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.Mechanism;
import dev.assay.tensor.DType;
import dev.assay.tensor.Distribution;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;

/**
 * A recipe before its answers are known: what {@link Draft} is for a case that is stored. All that
 * is drawn is bell-shaped.
 */
final class RecipeDraft {
  private final int id;
  private final String name;
  private final Mechanism mechanism;
  private final DType dtype;
  private final SequencedMap<String, Drawn> drawn = new LinkedHashMap<>();
  private final SequencedMap<String, Tensor> given = new LinkedHashMap<>();
  private final List<List<Integer>> queries = new ArrayList<>();
  private final List<List<Integer>> keys = new ArrayList<>();
  private List<String> guards = List.of();
  private List<String> flags = List.of();
  private String comment = "";

  private RecipeDraft(int id, String name, DType dtype, Mechanism mechanism) {
    this.id = id;
    this.name = name;
    this.mechanism = mechanism;
    this.dtype = dtype;
  }

  static RecipeDraft of(int id, String name, DType dtype, Mechanism mechanism) {
    return new RecipeDraft(id, name, dtype, mechanism);
  }

  /** Draws q [q], k [k] and v [k]. */
  RecipeDraft qkv(List<Integer> q, List<Integer> k) {
    return draw("q", q).draw("k", k).draw("v", k);
  }

  /** Draws a tensor. */
  RecipeDraft draw(String tensor, List<Integer> extents) {
    Recipe gen = Recipe.of(id, tensor, Distribution.BELL, CaseBuilder.UNIT);
    drawn.put(tensor, new Drawn(extents, dtype, NativeTypes.drawn(tensor, dtype), gen));
    return this;
  }

  /** Draws cotangents of out and lse, so that gradients are expected. */
  RecipeDraft backward() {
    List<Integer> q = Objects.requireNonNull(drawn.get("q")).shape();
    return draw("d_out", q).draw("d_lse", q.subList(0, 3));
  }

  /** Gives whole numbers literally. */
  RecipeDraft give(String tensor, int... values) {
    return give(tensor, Tensor.generate(Shape.of(values.length), p -> values[p]));
  }

  /** Gives a tensor literally. */
  RecipeDraft give(String tensor, Tensor values) {
    given.put(tensor, values);
    return this;
  }

  /** Samples queries of a head. */
  RecipeDraft queries(int b, int h, int... rows) {
    Arrays.stream(rows).forEach(i -> queries.add(List.of(b, h, i)));
    return this;
  }

  /** Samples keys of a key head, for their gradients. */
  RecipeDraft keys(int b, int kvHead, int... rows) {
    Arrays.stream(rows).forEach(j -> keys.add(List.of(b, kvHead, j)));
    return this;
  }

  /** Names faults that were reported elsewhere, in the form {@code owner/project#number}. */
  RecipeDraft guards(String... reports) {
    guards = List.of(reports);
    return this;
  }

  /** Says what it is for, and why it is in the suite. */
  RecipeDraft says(String sentence, String... why) {
    comment = sentence;
    flags = List.of(why);
    return this;
  }

  int id() {
    return id;
  }

  String name() {
    return name;
  }

  Mechanism mechanism() {
    return mechanism;
  }

  DType dtype() {
    return dtype;
  }

  SequencedMap<String, Drawn> drawn() {
    return drawn;
  }

  SequencedMap<String, Tensor> given() {
    return given;
  }

  List<List<Integer>> sampledQueries() {
    return queries;
  }

  List<List<Integer>> sampledKeys() {
    return keys;
  }

  List<String> guards() {
    return guards;
  }

  List<String> flags() {
    return flags;
  }

  String comment() {
    return comment;
  }

  /** What is expected: gradients of queries with cotangents, those of keys if any is sampled. */
  List<String> results() {
    List<String> results = new ArrayList<>(List.of("out", "lse"));
    if (drawn.containsKey("d_out")) {
      results.add("dq");
      results.addAll(keys.isEmpty() ? List.of() : List.of("dk", "dv"));
    }
    return results;
  }

  /** The classes that hold its type. */
  List<String> classes() {
    return Arrays.stream(PrecisionClass.values())
        .filter(one -> one.holds(dtype))
        .map(PrecisionClass::id)
        .toList();
  }
}
