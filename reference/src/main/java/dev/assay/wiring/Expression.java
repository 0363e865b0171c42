package dev.assay.wiring;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What stands right of the equals sign in a {@link Wiring}. */
sealed interface Expression {
  /** A number as it is written. */
  record Literal(double value) implements Expression {}

  /** A tensor, a number or a word; points are part of it, as in {@code out_proj.weight}. */
  record Name(String name) implements Expression {}

  /** A function of the {@link Functions}, or one of {@code + - * /} as a function of two. */
  record Call(String function, List<Expression> arguments) implements Expression {
    boolean isArithmetic() {
      return "+-*/".contains(function);
    }
  }

  /** All names in it. */
  default Set<String> names() {
    Set<String> names = new TreeSet<>();
    switch (this) {
      case Literal _ -> {}
      case Name name -> names.add(name.name());
      case Call call -> call.arguments().forEach(argument -> names.addAll(argument.names()));
    }
    return names;
  }
}
