package dev.assay.wiring;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.op.Ops;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The arguments of one call, each worked out as what the function wants it to be. */
final class Arguments {
  private final Expression.Call call;
  private final String signature;
  private final Values values;

  Arguments(Expression.Call call, String signature, Values values) {
    this.call = call;
    this.signature = signature;
    this.values = values;
  }

  /** How many there are. */
  int count() {
    return call.arguments().size();
  }

  /** A constant of the tape. */
  Var constant(Tensor value) {
    return Ops.constant(values.tape(), value);
  }

  /** A value on the tape, with gradients. */
  Var var(int at) {
    return values.var(values.of(call.arguments().get(at)));
  }

  /** The same, or null if it is a name that nothing has. */
  @Nullable Var varIfGiven(int at) {
    boolean absent =
        at >= count()
            || (call.arguments().get(at) instanceof Expression.Name name
                && !values.has(name.name()));
    return absent ? null : var(at);
  }

  /** Numbers, without gradients. */
  Tensor tensor(int at) {
    return values.tensor(values.of(call.arguments().get(at)));
  }

  /** One number. */
  double number(int at) {
    Value value = values.of(call.arguments().get(at));
    Require.argument(
        value instanceof Value.Scalar, "%s: argument %d must be a number", signature, at + 1);
    return ((Value.Scalar) value).number();
  }

  /** One whole number. */
  int integer(int at) {
    double number = number(at);
    Require.argument(
        number == Math.rint(number) && Math.abs(number) <= Integer.MAX_VALUE,
        "%s: argument %d is %s, but a whole number is needed",
        signature,
        at + 1,
        number);
    return (int) number;
  }

  /** Whole numbers from one argument on. */
  int[] integers(int from) {
    int[] all = new int[count() - from];
    for (int at = 0; at < all.length; at++) {
      all[at] = integer(from + at);
    }
    return all;
  }

  /** A word, as it stands: the name of a layer, or a choice. */
  String word(int at) {
    Require.argument(
        call.arguments().get(at) instanceof Expression.Name,
        "%s: argument %d must be a name",
        signature,
        at + 1);
    return ((Expression.Name) call.arguments().get(at)).name();
  }

  /** A word that names a constant of an enum, in any case. */
  <E extends Enum<E>> E choice(int at, Class<E> type) {
    String word = word(at).toUpperCase(Locale.ROOT);
    for (E one : type.getEnumConstants()) {
      if (one.name().equals(word)) {
        return one;
      }
    }
    throw new IllegalArgumentException(
        "%s: argument %d is %s, which is none of %s"
            .formatted(signature, at + 1, word(at), List.of(type.getEnumConstants())));
  }

  /** {@code NAME.weight} of a layer. */
  Var weight(int layer) {
    return values.var(word(layer) + ".weight");
  }

  /** {@code NAME.bias} of a layer, or null if the files have none. */
  @Nullable Var bias(int layer) {
    String name = word(layer) + ".bias";
    return values.has(name) ? values.var(name) : null;
  }
}
