package dev.assay.mechanism.hashed;

import dev.assay.mechanism.CountedKeys;
import dev.assay.mechanism.hashed.RoutingTransformer.Norm;
import dev.assay.mechanism.hashed.RoutingTransformer.Order;
import dev.assay.mechanism.hashed.RoutingTransformer.Routing;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The softmaxes of a {@link RoutingTransformer}: the s-th is that of each query in the s-th of the
 * clusters in which it finds a key.
 */
final class ClusterRows {
  private final RoutingTransformer settings;
  private final AttentionProblem problem;
  private final Clusters clusters;
  private final int memory;

  /** member[b * H + h][query]: the clusters in which it finds a key, ascending. */
  private final int[][][] member;

  /**
   * Looks for the clusters of every query.
   *
   * @param memory keys that each cluster has besides
   */
  ClusterRows(
      RoutingTransformer settings, AttentionProblem problem, Clusters clusters, int memory) {
    this.settings = settings;
    this.problem = problem;
    this.clusters = clusters;
    this.memory = memory;
    this.member = new int[problem.batches() * problem.heads()][problem.queries()][];
    for (int list = 0; list < member.length; list++) {
      for (int i = 0; i < problem.queries(); i++) {
        int at = list;
        int query = i;
        member[list][i] =
            IntStream.range(0, clusters.count())
                .filter(c -> keys(at, query, c).length > 0)
                .toArray();
      }
    }
  }

  /** In how many clusters a query finds a key. */
  int memberships(int b, int h, int i) {
    return member[b * problem.heads() + h][i].length;
  }

  /** The first cluster in which a query meets a key; -1 if there is none. */
  int common(int b, int h, int i, int j) {
    int list = b * problem.heads() + h;
    for (int c : member[list][i]) {
      if (Arrays.binarySearch(keys(list, i, c), j) >= 0) {
        return c;
      }
    }
    return -1;
  }

  /** One softmax at least. */
  List<CountedKeys> softmaxes() {
    int most = 1;
    for (int[][] rows : member) {
      most = Math.max(most, Arrays.stream(rows).mapToInt(row -> row.length).max().orElse(0));
    }
    List<CountedKeys> softmaxes = new ArrayList<>();
    for (int s = 0; s < most; s++) {
      softmaxes.add(softmax(s));
    }
    return softmaxes;
  }

  private CountedKeys softmax(int s) {
    int all = problem.keys() + memory * clusters.count();
    Shape rows = problem.lseShape();
    CountedKeys.Builder builder = new CountedKeys.Builder(rows, all);
    for (int list = 0; list < member.length; list++) {
      for (int i = 0; i < problem.queries(); i++) {
        if (s < member[list][i].length) {
          Arrays.stream(keys(list, i, member[list][i][s])).forEach(builder::add);
        }
        builder.endRow(true);
      }
    }
    return builder.build();
  }

  /** The keys that a query meets in a cluster, ascending; none if it is not in there. */
  private int[] keys(int list, int i, int cluster) {
    int rank = Arrays.binarySearch(clusters.queries().of().get(list)[cluster], i);
    if (rank < 0) {
      return new int[0];
    }
    int b = list / problem.heads();
    int[] all = clusters.keys().of().get(list)[cluster];
    int end = 0;
    while (end < all.length && visible(b, i, rank, all[end], end)) {
      end++;
    }
    int first = settings.routing() == Routing.NEAREST ? Math.max(0, end - settings.window()) : 0;
    int from = problem.keys() + cluster * memory;
    boolean sparesItself = settings.norm() == Norm.UNIT && clusters.shared();
    boolean others = end - first + memory > 1;
    return IntStream.concat(
            Arrays.stream(all, first, end).filter(j -> j != i || !sparesItself || !others),
            IntStream.range(from, from + memory))
        .toArray();
  }

  private boolean visible(int b, int i, int rank, int j, int keyRank) {
    return !settings.causal()
        || (settings.order() == Order.RANK ? keyRank <= rank : j <= i + problem.offset(b));
  }
}
