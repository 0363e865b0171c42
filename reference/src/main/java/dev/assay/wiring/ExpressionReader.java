package dev.assay.wiring;

import dev.assay.check.Require;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads an {@link Expression}: numbers, names, calls {@code f(a, b)}, brackets, and {@code + - * /}
 * with the usual precedence.
 */
final class ExpressionReader {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(?:(?<number>\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?)"
              + "|(?<name>[A-Za-z_]\\w*(?:\\.\\w+)*)"
              + "|(?<sign>[-+*/(),]))");

  /** Brackets within brackets; a text that goes deeper is no layer. */
  private static final int DEEPEST = 64;

  private final String text;
  private final Matcher token;
  private String next = "";
  private Kind kind = Kind.END;
  private int depth;

  private enum Kind {
    NUMBER,
    NAME,
    SIGN,
    END
  }

  private ExpressionReader(String text) {
    this.text = text;
    this.token = TOKEN.matcher(text);
    advance();
  }

  /**
   * Reads the whole text as one expression.
   *
   * @throws IllegalArgumentException with one sentence that quotes it
   */
  static Expression read(String text) {
    ExpressionReader reader = new ExpressionReader(text);
    Expression whole = reader.sum();
    Require.argument(
        reader.kind == Kind.END, "'%s' ends before its '%s': join the two", text, reader.next);
    return whole;
  }

  private void advance() {
    int from = token.regionStart();
    if (text.substring(from).isBlank()) {
      kind = Kind.END;
      next = "end of the line";
      return;
    }
    Require.argument(
        token.lookingAt(),
        "'%s' cannot be read from '%s' on: numbers, names, calls and + - * / are known",
        text,
        text.substring(from).strip());
    for (Kind one : List.of(Kind.NUMBER, Kind.NAME, Kind.SIGN)) {
      String found = token.group(one.name().toLowerCase(Locale.ROOT));
      if (found != null) {
        kind = one;
        next = found;
      }
    }
    token.region(token.end(), text.length());
  }

  private boolean take(String sign) {
    if (kind != Kind.SIGN || !next.equals(sign)) {
      return false;
    }
    advance();
    return true;
  }

  private void demand(String sign) {
    Require.argument(take(sign), "'%s' lacks a '%s' before its '%s'", text, sign, next);
  }

  private Expression sum() {
    Expression sum = product();
    while (kind == Kind.SIGN && (next.equals("+") || next.equals("-"))) {
      String sign = next;
      advance();
      sum = new Expression.Call(sign, List.of(sum, product()));
    }
    return sum;
  }

  private Expression product() {
    Expression product = factor();
    while (kind == Kind.SIGN && (next.equals("*") || next.equals("/"))) {
      String sign = next;
      advance();
      product = new Expression.Call(sign, List.of(product, factor()));
    }
    return product;
  }

  private Expression factor() {
    Require.argument(++depth <= DEEPEST, "'%s' has more than %d nested parts", text, DEEPEST);
    try {
      if (take("-")) {
        return new Expression.Call("-", List.of(new Expression.Literal(0), factor()));
      }
      if (take("(")) {
        Expression inside = sum();
        demand(")");
        return inside;
      }
      Require.argument(
          kind == Kind.NUMBER || kind == Kind.NAME,
          "'%s' has its '%s' where a number or a name is needed",
          text,
          next);
      String word = next;
      boolean number = kind == Kind.NUMBER;
      advance();
      if (number) {
        return new Expression.Literal(Double.parseDouble(word));
      }
      return take("(") ? new Expression.Call(word, arguments()) : new Expression.Name(word);
    } finally {
      depth--;
    }
  }

  private List<Expression> arguments() {
    List<Expression> arguments = new ArrayList<>();
    if (take(")")) {
      return arguments;
    }
    do {
      arguments.add(sum());
    } while (take(","));
    demand(")");
    return arguments;
  }
}
