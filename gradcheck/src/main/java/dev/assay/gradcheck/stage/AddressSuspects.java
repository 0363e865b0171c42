package dev.assay.gradcheck.stage;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Paging;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** Rows of keys and values that are read where others lie. */
final class AddressSuspects {
  private AddressSuspects() {}

  static List<Suspect> of(AttentionProblem problem) {
    List<Suspect> all = new ArrayList<>();
    int kvHeads = problem.kvHeads();
    if (problem.paging() != null) {
      return paged(problem, problem.paging());
    }
    int keys = problem.keys();
    if (kvHeads > 1 && kvHeads < problem.heads()) {
      all.add(heads("query head h reads key head h % H_kv", problem, h -> h % kvHeads));
    }
    if (kvHeads > 1) {
      all.add(heads("every query head reads key head 0", problem, _ -> 0));
      all.add(
          rows(
              Stage.ADDRESS,
              "keys are read as [tokens, heads]",
              (row, j) -> (row.batch() * keys + j) * kvHeads + problem.kvHead(row.head())));
    }
    if (problem.batches() > 1) {
      all.add(
          rows(
              Stage.ADDRESS,
              "every batch entry reads the keys of the first",
              (row, j) -> problem.kvHead(row.head()) * keys + j));
    }
    for (int bits = 8; bits <= 16; bits++) {
      int mask = (1 << bits) - 1;
      boolean reaches = Math.max(problem.k().size(), problem.q().size()) > mask;
      if (reaches) {
        all.add(wrapped("offsets wrap at 2^" + bits, mask));
      }
    }
    return all;
  }

  private interface KeyRow {
    int of(Row row, int j);
  }

  private static Suspect heads(String what, AttentionProblem problem, IntUnaryOperator map) {
    return rows(
        Stage.HEADS, what, (row, j) -> problem.keyRow(row.batch(), map.applyAsInt(row.head()), j));
  }

  /** Keys and values of other rows. */
  private static Suspect rows(Stage stage, String what, KeyRow keyRow) {
    return new Suspect(stage, what, row -> read(row, keyRow));
  }

  private static RowResult read(Row row, KeyRow keyRow) {
    int query = row.row();
    return row.softmax(
        j ->
            row.met(j)
                ? row.logit(j)
                    - row.capped(row.score(j))
                    + row.capped(row.score(query, keyRow.of(row, j)))
                : row.logit(j),
        j -> keyRow.of(row, j));
  }

  private static Suspect wrapped(String what, int mask) {
    return new Suspect(
        Stage.ADDRESS,
        what,
        row -> {
          AttentionProblem problem = row.problem();
          int depth = problem.depth();
          int channels = problem.valueDepth();
          boolean aligned = (mask + 1) % depth == 0 && (mask + 1) % channels == 0;
          if (!aligned) {
            return null;
          }
          int query = (row.row() * depth & mask) / depth;
          return row.softmax(
              j ->
                  row.met(j)
                      ? row.logit(j)
                          - row.capped(row.score(j))
                          + row.capped(row.score(query, (row.keyRow(j) * depth & mask) / depth))
                      : row.logit(j),
              j -> (row.keyRow(j) * channels & mask) / channels);
        });
  }

  private static List<Suspect> paged(AttentionProblem problem, Paging paging) {
    int size = paging.pageSize();
    int pages = problem.k().shape().extent(0);
    int kvHeads = problem.kvHeads();
    return List.of(
        rows(
            Stage.ADDRESS,
            "pages are looked up in the row of the first batch entry",
            (row, j) ->
                (Math.max(0, paging.table()[0][j / size]) * kvHeads + problem.kvHead(row.head()))
                        * size
                    + j % size),
        rows(
            Stage.ADDRESS,
            "a key's logical page is taken for its physical one",
            (row, j) ->
                (Math.min(pages - 1, j / size) * kvHeads + problem.kvHead(row.head())) * size
                    + j % size));
  }
}
