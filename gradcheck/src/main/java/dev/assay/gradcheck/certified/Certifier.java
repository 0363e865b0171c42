package dev.assay.gradcheck.certified;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.gradcheck.ball.Arithmetic;
import dev.assay.gradcheck.ball.Ball;
import dev.assay.gradcheck.ball.DoubleArithmetic;
import dev.assay.gradcheck.ball.Functions;
import dev.assay.gradcheck.ball.WideArithmetic;
import dev.assay.mechanism.Evaluation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * Proves results of a recorded graph to be correctly rounded, as Ziv proposed: in balls of two
 * doubles first, and again in wide balls where the first ones meet several doubles. Source: Ziv,
 * "Fast evaluation of elementary mathematical functions with correctly rounded last bit" (ACM TOMS
 * 17, 1991).
 */
public final class Certifier {
  /** Two doubles, then 77 and 1233 decimal digits: the last prove a 0 to be rounded to 0. */
  private final List<Precision<?>> precisions =
      List.of(
          new Precision<>(new DoubleArithmetic()),
          new Precision<>(new WideArithmetic(256)),
          new Precision<>(new WideArithmetic(4096)));

  /** An arithmetic with its functions, whose constants are made once. */
  private record Precision<B extends Ball>(Arithmetic<B> on, Functions<B> functions) {
    Precision(Arithmetic<B> on) {
      this(on, new Functions<>(on));
    }

    void resolve(Tape tape, List<Pending> pending) {
      List<Var> open = pending.stream().filter(one -> !one.isDone()).map(Pending::var).toList();
      if (open.isEmpty()) {
        return;
      }
      Replay<B> replay = Replay.of(on, functions, tape, open, (_, _) -> {});
      pending.stream()
          .filter(one -> !one.isDone())
          .forEach(one -> one.look(replay.get(one.var()), replay.isUndecided(one.var())));
    }
  }

  /** Certificates of out, lse and the gradients of a definition, by name. */
  public SequencedMap<String, Certificate> certify(Evaluation defined) {
    return certify(defined.tape(), numbers(defined));
  }

  /** The recorded results that are real numbers and no choices, by name. */
  public static SequencedMap<String, Var> numbers(Evaluation defined) {
    SequencedMap<String, Var> numbers = new LinkedHashMap<>();
    numbers.put("out", defined.answer().out());
    Var lse = defined.answer().lse();
    if (lse != null) {
      numbers.put("lse", lse);
    }
    numbers.putAll(defined.gradients());
    return numbers;
  }

  /**
   * Certificates of some values of a tape, by name.
   *
   * @param wanted recorded values, of a graph of primitives
   */
  public SequencedMap<String, Certificate> certify(Tape tape, SequencedMap<String, Var> wanted) {
    List<Pending> pending = new ArrayList<>();
    wanted.values().forEach(var -> pending.add(new Pending(var)));
    precisions.forEach(precision -> precision.resolve(tape, pending));
    SequencedMap<String, Certificate> certificates = new LinkedHashMap<>();
    int next = 0;
    for (String name : wanted.keySet()) {
      certificates.put(name, pending.get(next++).certificate());
    }
    return certificates;
  }
}
