package dev.assay.file;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Refuses null in a document that was read into records, but where a component is {@link Nullable}.
 * A reader of JSON fills in null wherever the file says so, whatever the records promise, and lists
 * and maps are no safer than fields.
 */
final class NoNulls {
  /** Asked once for each class: it takes longer than to read a small document. */
  private static final ClassValue<List<Part>> PARTS =
      new ClassValue<>() {
        @Override
        protected List<Part> computeValue(Class<?> type) {
          return Stream.of(type.getRecordComponents()).map(Part::of).toList();
        }
      };

  /** A component of a record. */
  private record Part(String name, boolean optional, Method accessor) {
    static Part of(RecordComponent component) {
      Method accessor = component.getAccessor();
      // A document may be a private record of the class that reads it.
      accessor.setAccessible(true);
      boolean optional = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
      return new Part(component.getName(), optional, accessor);
    }

    @Nullable Object of(Record held) {
      try {
        return accessor.invoke(held);
      } catch (ReflectiveOperationException impossible) {
        throw new IllegalStateException("an accessor of a record only returns", impossible);
      }
    }
  }

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
    for (Part part : PARTS.get(held.getClass())) {
      Object value = part.of(held);
      if (value != null || !part.optional) {
        at(below(place, part.name), value);
      }
    }
  }

  private static String below(String place, String name) {
    return place.isEmpty() ? name : place + "." + name;
  }

  private FormatException fault(String place) {
    return new FormatException(file, place, "is null: it must be there");
  }
}
