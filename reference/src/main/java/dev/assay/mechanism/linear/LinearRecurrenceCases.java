package dev.assay.mechanism.linear;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.tensor.Distribution;
import dev.assay.tensor.Philox;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;

/** All rules, both meanings of decay, shared heads, lengths, and a state from before. */
final class LinearRecurrenceCases {
  private static final Shape ROWS = Shape.of(2, 2, 5);

  private LinearRecurrenceCases() {}

  static List<Case> all() {
    return List.of(
        tokens(2821, "linear", "rule=LINEAR").build(),
        decay(2822, tokens(2822, "gated", "rule=GATED")).build(),
        beta(2823, tokens(2823, "delta", "rule=DELTA")).build(),
        both(2824, "gated-delta").build(),
        beta(2825, tokens(2825, "log-decay-of-heads", "decayAs=LOG"))
            .give("decay", logarithms(new Philox(Case.SEED, 0, 2825), Shape.of(2, 2, 5, 1)))
            .remark("a logarithm for each head and token")
            .build(),
        both(2826, "unit-keys", "keys=UNIT", "scale=1").roles(Role.GRADIENT, Role.PARITY).build(),
        both(2827, "past-state").draw("past_state", Shape.of(2, 2, 4, 3)).build(),
        Case.of(2828, "grouped", LinearRecurrence.class)
            .qkv(1, 4, 2, 5, 5, 4, 3)
            .without("d_lse")
            .draw("decay", Shape.of(1, 2, 5, 4), Distribution.BELL, CaseBuilder.UNIT - 2)
            .draw("beta", Shape.of(1, 1, 5), Distribution.BELL, CaseBuilder.UNIT - 1)
            .remark("decays of any sign, and one beta for all heads")
            .build(),
        both(2829, "lengths-and-past")
            .draw("past_state", Shape.of(2, 2, 4, 3))
            .give("q_lens", 4, 0)
            .give("k_lens", 4, 0)
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("the second batch entry has no token")
            .build(),
        both(2830, "poisoned-behind")
            .give("q_lens", 3, 5)
            .give("k_lens", 3, 5)
            .plant("q", Double.NaN, p -> p < 40 && p / 4 % 5 >= 3)
            .plant("k", Double.NaN, p -> p < 40 && p / 4 % 5 >= 3)
            .plant("v", Double.NaN, p -> p < 30 && p / 3 % 5 >= 3)
            .plant("d_out", Double.NaN, p -> p < 30 && p / 3 % 5 >= 3)
            .roles(Role.GOLDEN, Role.PARITY)
            .remark("what lies behind the lengths holds NaN")
            .build(),
        Case.of(2891, "long", LinearRecurrence.class)
            .qkv(1, 8, 8, 1024, 1024, 64, 64)
            .without("d_lse")
            .give("decay", Tensor.full(Shape.of(1, 8, 1024, 1), 0.984375))
            .give("beta", Tensor.full(Shape.of(1, 8, 1024), 0.0078125))
            .roles(Role.BENCH)
            .build());
  }

  /** Two batch entries of two heads and five tokens. */
  private static CaseBuilder tokens(int id, String name, String... settings) {
    return Case.of(id, name, LinearRecurrence.class, settings)
        .qkv(2, 2, 2, 5, 5, 4, 3)
        .without("d_lse");
  }

  private static CaseBuilder both(int id, String name, String... settings) {
    return decay(id, beta(id, tokens(id, name, settings)));
  }

  private static CaseBuilder decay(int id, CaseBuilder to) {
    Philox generator = new Philox(Case.SEED, Case.stream("decay"), id);
    return to.give("decay", factors(generator, Shape.of(2, 2, 5, 4)));
  }

  private static CaseBuilder beta(int id, CaseBuilder to) {
    return to.give("beta", steps(new Philox(Case.SEED, Case.stream("beta"), id), ROWS));
  }

  /** Factors in (0.75, 1], exact in fp32. */
  static Tensor factors(Philox generator, Shape shape) {
    return Tensor.generate(shape, p -> 1 - Math.scalb((double) generator.uniform16(p), -18));
  }

  /** Logarithms in (-0.25, 0], exact in fp32. */
  static Tensor logarithms(Philox generator, Shape shape) {
    return Tensor.generate(shape, p -> -Math.scalb((double) generator.uniform16(p), -18));
  }

  /** Steps in [0.0625, 0.5625), exact in fp32. */
  static Tensor steps(Philox generator, Shape shape) {
    return Tensor.generate(shape, p -> 0.0625 + Math.scalb((double) generator.uniform16(p), -17));
  }
}
