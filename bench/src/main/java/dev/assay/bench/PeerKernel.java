package dev.assay.bench;

import dev.assay.plan.MergePlan.Branch;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * A third-party kernel that is timed without what an engine has to do around it: its inputs lie
 * where it wants them before the clock starts, and its results are not copied out. Found by {@link
 * ServiceLoader}; there are none unless the peers are loaded.
 */
public interface PeerKernel {
  /** What tables call it. */
  String id();

  /** The precision class whose bounds judge it. */
  String precisionClass();

  /**
   * Puts an attention in F32 storage where the kernel wants it.
   *
   * @param dOut cotangent of the output, or null if only the forward will be run
   */
  Prepared prepare(Branch work, @Nullable Tensor dOut);

  /** An attention that is ready to be run again and again. */
  interface Prepared extends AutoCloseable {
    /** Runs it: forward, and backward if a cotangent was given. */
    void run();

    /** A copy of the last results: out, and dq, dk and dv after a backward. */
    Map<String, Tensor> results();

    @Override
    void close();
  }

  /** All that are loaded here. */
  static List<PeerKernel> all() {
    return ServiceLoader.load(PeerKernel.class, PeerKernel.class.getClassLoader()).stream()
        .map(ServiceLoader.Provider::get)
        .toList();
  }

  /** The one of that id, or null. */
  static @Nullable PeerKernel find(String id) {
    return all().stream().filter(kernel -> kernel.id().equals(id)).findFirst().orElse(null);
  }
}
