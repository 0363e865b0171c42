package dev.assay.mechanism;

import dev.assay.check.Require;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;

/**
 * Reads and writes the configuration of a {@link Mechanism} as text: the components of its record.
 */
public final class Settings {
  private Settings() {}

  /**
   * A setting of a mechanism.
   *
   * @param key as typed
   * @param type int, double, boolean, text, or the choices separated by bars
   * @param by default value
   * @param meaning what it does
   */
  public record Description(String key, String type, String by, String meaning) {}

  /** All settings of a mechanism, in the order of its components. */
  public static List<Description> describe(Class<? extends Mechanism> type) {
    List<Description> all = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      Setting setting = setting(component);
      all.add(
          new Description(
              component.getName(), typeName(component.getType()), setting.by(), setting.value()));
    }
    return all;
  }

  /** The mechanism with its default settings. */
  public static <M extends Mechanism> M defaults(Class<M> type) {
    return make(type, Map.of());
  }

  /**
   * A mechanism with some settings changed from their defaults.
   *
   * @throws IllegalArgumentException with one sentence, if a key is unknown or a value does not
   *     parse
   */
  public static <M extends Mechanism> M make(Class<M> type, Map<String, String> values) {
    RecordComponent[] components = type.getRecordComponents();
    List<String> known = Arrays.stream(components).map(RecordComponent::getName).toList();
    for (String key : values.keySet()) {
      Require.argument(
          known.contains(key), "%s has no setting %s: it has %s", Mechanism.id(type), key, known);
    }
    Object[] arguments = new Object[components.length];
    Class<?>[] types = new Class<?>[components.length];
    for (int c = 0; c < components.length; c++) {
      String text = values.getOrDefault(components[c].getName(), setting(components[c]).by());
      types[c] = components[c].getType();
      arguments[c] = parse(types[c], components[c].getName(), text);
    }
    try {
      Constructor<M> constructor = type.getDeclaredConstructor(types);
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException broken) {
      throw broken.getCause() instanceof RuntimeException rule
          ? rule
          : new IllegalStateException(broken);
    } catch (ReflectiveOperationException unexpected) {
      throw new IllegalStateException(type + " cannot be constructed", unexpected);
    }
  }

  /**
   * Reads assignments as they are typed, {@code key=value}; later ones win.
   *
   * @throws IllegalArgumentException with one sentence, if one has no key
   */
  public static SequencedMap<String, String> parse(List<String> assignments) {
    SequencedMap<String, String> values = new LinkedHashMap<>();
    for (String assignment : assignments) {
      int at = assignment.indexOf('=');
      Require.argument(at > 0, "'%s' is not a setting: write key=value", assignment);
      values.put(assignment.substring(0, at).strip(), assignment.substring(at + 1).strip());
    }
    return values;
  }

  /** The settings of a mechanism as text; {@link #make} gives an equal mechanism back. */
  public static SequencedMap<String, String> of(Mechanism mechanism) {
    SequencedMap<String, String> values = new LinkedHashMap<>();
    for (RecordComponent component : mechanism.getClass().getRecordComponents()) {
      try {
        values.put(component.getName(), String.valueOf(component.getAccessor().invoke(mechanism)));
      } catch (ReflectiveOperationException unexpected) {
        throw new IllegalStateException(component + " cannot be read", unexpected);
      }
    }
    return values;
  }

  private static Setting setting(RecordComponent component) {
    Setting setting = component.getAnnotation(Setting.class);
    Require.state(setting != null, "the component %s lacks its @Setting", component);
    return Objects.requireNonNull(setting);
  }

  private static String typeName(Class<?> type) {
    if (type.isEnum()) {
      return String.join("|", Arrays.stream(type.getEnumConstants()).map(String::valueOf).toList());
    }
    return type == String.class ? "text" : type.getSimpleName();
  }

  private static Object parse(Class<?> type, String key, String text) {
    try {
      if (type == int.class) {
        return Integer.parseInt(text);
      }
      if (type == double.class) {
        return Double.parseDouble(text);
      }
      if (type == String.class) {
        return text;
      }
      if (type == boolean.class && (text.equals("true") || text.equals("false"))) {
        return text.equals("true");
      }
      for (Object constant : type.isEnum() ? type.getEnumConstants() : new Object[0]) {
        if (String.valueOf(constant).equals(text.toUpperCase(Locale.ROOT))) {
          return constant;
        }
      }
    } catch (NumberFormatException notANumber) {
      // Falls through to the sentence below, which says more than the parser's.
    }
    throw new IllegalArgumentException(
        "setting " + key + " is '" + text + "': it must be " + typeName(type));
  }
}
