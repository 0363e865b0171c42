package dev.assay.mechanism.fixed;

import dev.assay.autograd.Var;
import dev.assay.op.Ops;
import dev.assay.plan.Paging;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;

/**
 * Lays paged keys or values out one behind the other, with ops, so that gradients reach the pool.
 */
final class Pages {
  private Pages() {}

  /**
   * From a pool [P, H_kv, page, d] to [B, H_kv, pages * page, d]: logical page p of batch entry b
   * is physical page table[b][p]. Entries that name no page, which only lengths may leave unread,
   * give copies of page 0; a pool without pages, of which no key can be read, gives zeros.
   */
  static Var contiguous(Var pool, Paging paging) {
    int batches = paging.table().length;
    int pages = batches == 0 ? 0 : paging.table()[0].length;
    int physical = pool.shape().extent(0);
    int heads = pool.shape().extent(1);
    int channels = pool.shape().extent(3);
    Shape laidOut = Shape.of(batches, heads, pages * paging.pageSize(), channels);
    if (physical == 0) {
      return Ops.constant(pool.tape(), Tensor.zeros(laidOut));
    }
    int[] flat = new int[batches * pages];
    for (int p = 0; p < flat.length; p++) {
      int page = paging.table()[p / pages][p % pages];
      flat[p] = page >= 0 && page < physical ? page : 0;
    }
    Var taken = Ops.gather(pool, 0, flat);
    Var byEntry = Ops.reshape(taken, Shape.of(batches, pages, heads, paging.pageSize(), channels));
    return Ops.reshape(Ops.permute(byEntry, 0, 2, 1, 3, 4), laidOut);
  }
}
