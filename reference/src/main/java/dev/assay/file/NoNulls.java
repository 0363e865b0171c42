package dev.assay.file;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Refuses null in a document that was read into records, but where a component is {@link Nullable}.
 * A reader of JSON fills in null wherever the file says so, whatever the records promise, and lists
 * and maps are no safer than fields.
 */
final class NoNulls {
  private final String file;

  private NoNulls(String file) {
    this.file = file;
  }

  /**
   * The document itself, once all of it was looked at.
   *
   * @throws FormatException that names the place, if something is null there
   */
  static <T> T in(String file, @Nullable T document) throws FormatException {
    NoNulls look = new NoNulls(file);
    if (document == null) {
      throw look.fault("JSON");
    }
    look.at("", document);
    return document;
  }

  private void at(String place, @Nullable Object value) throws FormatException {
    switch (value) {
      case null -> throw fault(place);
      case Record held -> fields(place, held);
      case Map<?, ?> map -> {
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          at(below(place, String.valueOf(entry.getKey())), entry.getValue());
        }
      }
      case List<?> list -> {
        for (int e = 0; e < list.size(); e++) {
          at(place + "[" + e + "]", list.get(e));
        }
      }
      default -> {
        // A text or a number: there is nothing in it.
      }
    }
  }

  private void fields(String place, Record held) throws FormatException {
    for (RecordComponent component : held.getClass().getRecordComponents()) {
      Object value = value(component, held);
      boolean optional = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
      if (value != null || !optional) {
        at(below(place, component.getName()), value);
      }
    }
  }

  private static @Nullable Object value(RecordComponent component, Record held) {
    try {
      Method accessor = component.getAccessor();
      // A document may be a private record of the class that reads it.
      accessor.setAccessible(true);
      return accessor.invoke(held);
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException("an accessor of a record only returns", impossible);
    }
  }

  private static String below(String place, String name) {
    return place.isEmpty() ? name : place + "." + name;
  }

  private FormatException fault(String place) {
    return new FormatException(file, place, "is null: it must be there");
  }
}
