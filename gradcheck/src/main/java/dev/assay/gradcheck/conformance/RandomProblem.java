package dev.assay.gradcheck.conformance;

import dev.assay.tensor.Philox;
import java.util.ArrayList;
import java.util.List;

/**
 * A small problem drawn at random: a mechanism, extents that are rarely multiples of anything, and
 * options. It is a function of a seed and a number, and knows its smaller relatives.
 *
 * @param seed first key word of all draws
 * @param number which try it is
 * @param kind which mechanism
 * @param b batch entries
 * @param kvHeads key heads
 * @param group query heads for each key head
 * @param nq queries
 * @param nk keys; as many as queries in chunks
 * @param d channels of queries and keys
 * @param dv channels of values
 * @param size window, block or chunk size
 * @param loud powers of two by which logits exceed the usual size
 * @param causal whether keys after the query are excluded
 * @param softcap whether logits are capped
 * @param bias whether there is a bias
 * @param lengths whether keys are fewer than there is room for
 * @param mask whether there is a boolean mask
 */
record RandomProblem(
    int seed,
    int number,
    Kind kind,
    int b,
    int kvHeads,
    int group,
    int nq,
    int nk,
    int d,
    int dv,
    int size,
    int loud,
    boolean causal,
    boolean softcap,
    boolean bias,
    boolean lengths,
    boolean mask) {
  private static final int STREAM = 0x7259;
  private static final int LARGEST = 96;

  /** The mechanisms that are drawn. */
  enum Kind {
    DENSE("dense"),
    WINDOW("sliding-window"),
    BLOCKS("block-sparse"),
    CHUNKS("hierarchical-chunking");

    private final String id;

    Kind(String id) {
      this.id = id;
    }

    /** Id of the mechanism. */
    String id() {
      return id;
    }
  }

  /** The problem of a seed and a number. */
  static RandomProblem of(int seed, int number) {
    Dice dice = new Dice(new Philox(seed, STREAM, number));
    Kind kind = Kind.values()[dice.below(Kind.values().length)];
    int nq = 1 + dice.below(LARGEST);
    int nk = kind == Kind.CHUNKS ? nq : 1 + dice.below(LARGEST);
    boolean capped = kind == Kind.DENSE || kind == Kind.WINDOW;
    return new RandomProblem(
        seed,
        number,
        kind,
        1 + dice.below(2),
        1 + dice.below(3),
        1 + dice.below(3),
        nq,
        nk,
        1 + dice.below(40),
        1 + dice.below(40),
        1 + dice.below(20),
        dice.below(4),
        dice.below(2) == 0,
        capped && dice.below(4) == 0,
        dice.below(3) == 0,
        dice.below(3) == 0,
        dice.below(3) == 0);
  }

  /** Numbers from the words of a counter, one after the other. */
  private static final class Dice {
    private final Philox generator;
    private long index;

    Dice(Philox generator) {
      this.generator = generator;
    }

    int below(int bound) {
      return (int) ((Integer.toUnsignedLong(generator.words(index++)[0]) * bound) >>> 32);
    }
  }

  /** Smaller problems, the boldest steps first; empty if there is nothing left to take away. */
  List<RandomProblem> smaller() {
    List<RandomProblem> smaller = new ArrayList<>();
    for (int[] e : extents()) {
      boolean linked = kind == Kind.CHUNKS;
      smaller.add(
          new RandomProblem(
              seed,
              number,
              kind,
              e[0],
              e[1],
              e[2],
              e[3],
              linked ? e[3] : e[4],
              e[5],
              e[6],
              e[7],
              e[8],
              causal,
              softcap,
              bias,
              lengths,
              mask));
    }
    boolean[] has = {causal, softcap, bias, lengths, mask};
    for (int option = 0; option < has.length; option++) {
      boolean[] kept = has.clone();
      kept[option] = false;
      smaller.add(
          new RandomProblem(
              seed, number, kind, b, kvHeads, group, nq, nk, d, dv, size, loud, kept[0], kept[1],
              kept[2], kept[3], kept[4]));
    }
    smaller.removeIf(this::equals);
    return smaller;
  }

  /** The extents with one of them halved, then with one of them less by one. */
  private List<int[]> extents() {
    int[] now = {b, kvHeads, group, nq, nk, d, dv, size, loud};
    List<int[]> fewer = new ArrayList<>();
    for (boolean half : new boolean[] {true, false}) {
      for (int axis = 0; axis < now.length; axis++) {
        int least = axis == now.length - 1 ? 0 : 1;
        int[] changed = now.clone();
        changed[axis] = Math.max(least, half ? now[axis] / 2 : now[axis] - 1);
        fewer.add(changed);
      }
    }
    return fewer;
  }

  /** In words. */
  String describe() {
    StringBuilder text = new StringBuilder();
    text.append("%s, B %d, H %d over %d, ".formatted(kind.id, b, kvHeads * group, kvHeads));
    text.append("%d queries, %d keys, d %d, d_v %d".formatted(nq, nk, d, dv));
    text.append(kind == Kind.DENSE ? "" : ", size " + size);
    text.append(loud == 0 ? "" : ", logits times " + (1 << loud));
    text.append(causal ? ", causal" : "").append(softcap ? ", softcap" : "");
    text.append(bias ? ", bias" : "").append(lengths ? ", lengths" : "");
    return text.append(mask ? ", mask" : "").toString();
  }
}
