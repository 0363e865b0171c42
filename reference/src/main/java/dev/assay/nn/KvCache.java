package dev.assay.nn;

import dev.assay.autograd.Var;
import dev.assay.op.Ops;
import dev.assay.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the layers of a decoder keep of the tokens so far: everything that stands for keys, after
 * projection and before positions are turned into it, [B, H_kv, n, ...] each.
 */
public final class KvCache {
  private final Map<String, Tensor> kept = new LinkedHashMap<>();

  /** Empty. */
  public KvCache() {}

  /** What was kept under a name with the new tokens behind it; that is kept from now on. */
  Var append(String name, Var fresh) {
    Tensor before = kept.get(name);
    Var whole = before == null ? fresh : Ops.concat(2, Ops.constant(fresh.tape(), before), fresh);
    kept.put(name, whole.value());
    return whole;
  }

  /** Tokens that it holds. */
  public int tokens() {
    return kept.isEmpty() ? 0 : kept.values().iterator().next().shape().extent(2);
  }

  /** Numbers that it holds. */
  public long size() {
    return kept.values().stream().mapToLong(Tensor::size).sum();
  }
}
