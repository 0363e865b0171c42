package dev.assay.wiring;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The names of one run and what they stand for; works expressions out. */
final class Values {
  private final Tape tape;
  private final Map<String, Tensor> files;
  private final Map<String, Value> names = new LinkedHashMap<>();
  private final Map<String, Supplier<Value>> later = new LinkedHashMap<>();
  private final SequencedMap<String, Var> leaves = new LinkedHashMap<>();
  private final TreeSet<String> read = new TreeSet<>();

  Values(Tape tape, Map<String, Tensor> files) {
    this.tape = tape;
    this.files = files;
  }

  /** Whether a name stands for anything. */
  boolean has(String name) {
    return names.containsKey(name) || later.containsKey(name) || files.containsKey(name);
  }

  /** Gives a name a value; it hides what was called so before. */
  void put(String name, Value value) {
    names.put(name, value);
  }

  /** Gives a name a value that is worked out only if somebody asks. */
  void putLater(String name, Supplier<Value> value) {
    later.put(name, value);
  }

  /** Whether a line gave it, and not a file. */
  boolean isWorkedOut(String name) {
    return names.containsKey(name);
  }

  /** What a name stands for. */
  Value get(String name) {
    Value known = names.get(name);
    if (known == null && later.containsKey(name)) {
      known = Objects.requireNonNull(later.get(name)).get();
      names.put(name, known);
    }
    if (known != null) {
      return known;
    }
    Tensor tensor = files.get(name);
    Require.argument(
        tensor != null,
        "%s stands for nothing: the files hold %s, and the lines before give %s",
        name,
        files.keySet(),
        names.keySet());
    read.add(name);
    return new Value.Plain(Objects.requireNonNull(tensor).to(Storage.F64), name);
  }

  /** What a name stands for, on the tape. */
  Var var(String name) {
    return var(get(name));
  }

  /** A value as one on the tape. */
  Var var(Value value) {
    return switch (value) {
      case Value.Recorded(Var var) -> var;
      case Value.Scalar(double number) -> Ops.constant(tape, Tensor.scalar(number));
      case Value.Plain(Tensor tensor, @Nullable String file) ->
          file == null
              ? Ops.constant(tape, tensor)
              : leaves.computeIfAbsent(file, it -> tape.leaf(it, tensor));
    };
  }

  /** The numbers of a value. */
  Tensor tensor(Value value) {
    return switch (value) {
      case Value.Recorded(Var var) -> var.value();
      case Value.Scalar(double number) -> Tensor.scalar(number);
      case Value.Plain plain -> plain.tensor();
    };
  }

  /** Works an expression out. */
  Value of(Expression expression) {
    return switch (expression) {
      case Expression.Literal number -> new Value.Scalar(number.value());
      case Expression.Name name -> get(name.name());
      case Expression.Call call when call.isArithmetic() ->
          arithmetic(
              call.function(), of(call.arguments().getFirst()), of(call.arguments().getLast()));
      case Expression.Call call -> {
        Function function = Functions.find(call.function());
        int count = call.arguments().size();
        Require.argument(
            count >= function.least() && count <= function.most(),
            "%s was called with %d arguments: write %s",
            call.function(),
            count,
            function.signature());
        yield function.body().of(new Arguments(call, function.signature(), this));
      }
    };
  }

  /** Whether all tensors that an expression needs are there. */
  boolean suffice(Expression expression) {
    return switch (expression) {
      case Expression.Literal _ -> true;
      case Expression.Name name -> has(name.name());
      case Expression.Call call when call.isArithmetic() ->
          call.arguments().stream().allMatch(this::suffice);
      case Expression.Call call -> {
        Function function = Functions.find(call.function());
        yield IntStream.range(0, call.arguments().size())
            .allMatch(at -> suffice(function.parameter(at), call.arguments().get(at)));
      }
    };
  }

  private boolean suffice(String parameter, Expression argument) {
    return switch (parameter) {
      case "layer" -> argument instanceof Expression.Name it && has(it.name() + ".weight");
      case "layout", "[bias]" -> true;
      default -> suffice(argument);
    };
  }

  private Value arithmetic(String sign, Value a, Value b) {
    if (a instanceof Value.Scalar(double x) && b instanceof Value.Scalar(double y)) {
      return new Value.Scalar(
          switch (sign) {
            case "+" -> x + y;
            case "-" -> x - y;
            case "*" -> x * y;
            default -> x / y;
          });
    }
    Var x = var(a);
    Var y = var(b);
    Require.argument(
        broadcast(x.shape(), y.shape()),
        "%s %s %s: the shapes must agree from the right, or be 1",
        x.shape(),
        sign,
        y.shape());
    return new Value.Recorded(
        switch (sign) {
          case "+" -> Ops.add(x, y);
          case "-" -> Ops.sub(x, y);
          case "*" -> Ops.mul(x, y);
          default -> Ops.div(x, y);
        });
  }

  private static boolean broadcast(Shape a, Shape b) {
    for (int back = 1; back <= Math.min(a.rank(), b.rank()); back++) {
      int x = a.extent(-back);
      int y = b.extent(-back);
      if (x != y && x != 1 && y != 1) {
        return false;
      }
    }
    return true;
  }

  /** The tensors of the files that are leaves of the tape. */
  SequencedMap<String, Var> leaves() {
    return Collections.unmodifiableSequencedMap(leaves);
  }

  /** The tensors of the files that were asked for. */
  SequencedSet<String> read() {
    return Collections.unmodifiableSequencedSet(read);
  }

  /** What is recorded on. */
  Tape tape() {
    return tape;
  }
}
