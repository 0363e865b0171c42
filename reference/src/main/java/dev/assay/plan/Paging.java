package dev.assay.plan;

import dev.assay.check.Require;
import dev.assay.tensor.Shape;

/**
 * Where the keys of a batch entry lie: key j is slot j mod pageSize of physical page table[b][j /
 * pageSize] in pools [pages, H_kv, pageSize, d]. Entries behind a sequence's last page are never
 * read and may hold anything.
 *
 * @param table one row of physical page numbers for each batch entry, all rows equally long
 * @param pageSize keys in a page, at least 1
 */
public record Paging(int[][] table, int pageSize) {
  /** Copies the table and checks its form. */
  public Paging {
    Require.positive(pageSize, "page size");
    table = table.clone();
    for (int b = 0; b < table.length; b++) {
      table[b] = table[b].clone();
      Require.argument(
          table[b].length == table[0].length,
          "the page table has rows of %d and %d entries: pad them to one length",
          table[0].length,
          table[b].length);
      Require.argument(
          (long) table[b].length * pageSize <= Integer.MAX_VALUE,
          "a row of %d pages of %d keys holds more than 2^31 - 1 positions: shorten the rows",
          table[b].length,
          pageSize);
    }
  }

  /** Key positions that a full row of the table would hold. */
  public int positions() {
    return table.length == 0 ? 0 : table[0].length * pageSize;
  }

  /** The physical page of key j. */
  public int page(int b, int j) {
    return table[b][j / pageSize];
  }

  void check(Shape pool, int batches) {
    Require.argument(
        table.length == batches,
        "the page table has %d rows for a batch of %d",
        table.length,
        batches);
    Require.argument(
        pool.extent(2) == pageSize,
        "pages of the pool hold %d keys, but the page size is %d",
        pool.extent(2),
        pageSize);
  }

  void checkUsed(int[] keyLengths, int pages) {
    for (int b = 0; b < table.length; b++) {
      for (int p = 0; (long) p * pageSize < keyLengths[b]; p++) {
        Require.argument(
            table[b][p] >= 0 && table[b][p] < pages,
            "page table entry [%d][%d] is %d: the pool has %s",
            b,
            p,
            table[b][p],
            pages == 0 ? "no pages" : "pages 0.." + (pages - 1));
      }
    }
  }
}
