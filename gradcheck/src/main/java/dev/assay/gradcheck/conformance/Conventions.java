package dev.assay.gradcheck.conformance;

import dev.assay.check.Require;
import dev.assay.gradcheck.bound.Declared;
import dev.assay.tensor.DType;
import dev.assay.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Where an implementation openly does things another way, so that this is not called an error. Each
 * is declared by a line of metadata or by an option of the same name with dashes, which wins.
 *
 * @param lseBase2 {@code lse_base = 2}: the LSE is log2 of the sum, and is multiplied by ln 2 first
 * @param lseEmpty {@code lse_empty = +inf}, {@code -inf}, {@code nan} or a number: the LSE of an
 *     empty row, rounded to the type that it is handed in
 * @param scaleInQuery {@code scale_in_q = true}: queries are multiplied by the scale and stored in
 *     the class's type before they meet the keys, which costs each score another uO
 * @param windowOfOthers {@code window = others}: a window of w keys does not count the query's own
 *     key; {@code own}, as here, counts it
 * @param joinByLse {@code join = lse}: parts of a row are normalised and then joined with weights
 *     exp(LSE of the part - LSE of the row), which rounds even where nothing else does; {@code
 *     sums}, as here, joins maxima and sums
 * @param nondeterministic {@code nondeterministic = dq,dk}: results whose last bits may differ from
 *     run to run, so that they need not be the same for two cases that are twins
 */
public record Conventions(
    boolean lseBase2,
    double lseEmpty,
    boolean scaleInQuery,
    boolean windowOfOthers,
    boolean joinByLse,
    Set<String> nondeterministic) {
  /** The keys, in metadata. */
  public static final List<String> KEYS =
      List.of("lse_base", "lse_empty", "scale_in_q", "window", "join", "nondeterministic");

  /** Those of the suite. */
  public static final Conventions USUAL =
      new Conventions(false, Double.NEGATIVE_INFINITY, false, false, false, Set.of());

  /**
   * Reads the declared ones; other keys are left alone.
   *
   * @throws IllegalArgumentException if a value is not one of those allowed
   */
  public static Conventions of(Map<String, String> metadata, Map<String, String> options) {
    Map<String, String> declared = new LinkedHashMap<>(metadata);
    declared.putAll(options);
    return new Conventions(
        one(declared, "lse_base", "e", "2"),
        empty(declared.getOrDefault("lse_empty", "-inf")),
        one(declared, "scale_in_q", "false", "true"),
        one(declared, "window", "own", "others"),
        one(declared, "join", "sums", "lse"),
        names(declared.get("nondeterministic")));
  }

  private static boolean one(Map<String, String> declared, String key, String usual, String other) {
    String value = declared.getOrDefault(key, usual);
    Require.argument(
        value.equals(usual) || value.equals(other),
        "%s is declared as '%s': it must be %s or %s",
        key,
        value,
        usual,
        other);
    return value.equals(other);
  }

  private static Set<String> names(@Nullable String list) {
    Set<String> names = new TreeSet<>();
    if (list != null) {
      for (String name : list.split(",", -1)) {
        Require.argument(
            !name.isBlank(),
            "nondeterministic is declared as '%s': it must be names of results with commas between",
            list);
        names.add(name.strip());
      }
    }
    return names;
  }

  private static double empty(String text) {
    return switch (text) {
      case "inf", "+inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      case "nan" -> Double.NaN;
      default -> {
        try {
          yield Double.parseDouble(text);
        } catch (NumberFormatException notANumber) {
          throw new IllegalArgumentException(
              "lse_empty is declared as '%s': it must be -inf, +inf, nan or a number"
                  .formatted(text));
        }
      }
    };
  }

  /** What costs accuracy. */
  Declared declared() {
    return new Declared(scaleInQuery, joinByLse);
  }

  /**
   * An LSE as the suite means it, from one as the implementation gives it.
   *
   * @param type in which it was handed in, which may not hold the declared number
   */
  Tensor natural(Tensor lse, DType type, Tensor golden) {
    if (!lse.shape().equals(golden.shape())) {
      return lse;
    }
    double none = type.round(lseEmpty);
    double factor = lseBase2 ? StrictMath.log(2) : 1;
    return Tensor.generate(
        lse.shape(),
        p -> {
          boolean empty = golden.get(p) == Double.NEGATIVE_INFINITY;
          double given = lse.get(p);
          boolean declared = given == none || (Double.isNaN(given) && Double.isNaN(none));
          return empty && declared ? Double.NEGATIVE_INFINITY : factor * given;
        });
  }
}
