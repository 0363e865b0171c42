package dev.assay.mechanism;

import dev.assay.check.Require;
import java.util.List;
import java.util.Locale;

/** All mechanisms. Adding one is one file and one line here. */
public final class MechanismCatalog {
  private static final List<Class<? extends Mechanism>> ALL =
      List.of(
          Dense.class,
          SlidingWindow.class,
          BlockSparse.class,
          HierarchicalChunking.class,
          HeadGate.class);

  private MechanismCatalog() {}

  /** All of them, in the order of this file, with their default settings. */
  public static List<Mechanism> all() {
    return ALL.stream().<Mechanism>map(Settings::defaults).toList();
  }

  /**
   * The mechanism of that id with its default settings.
   *
   * @throws IllegalArgumentException that names the known ids, if there is none
   */
  public static Mechanism find(String id) {
    for (Class<? extends Mechanism> type : ALL) {
      if (id(type).equals(id)) {
        return Settings.defaults(type);
      }
    }
    List<String> known = ALL.stream().map(MechanismCatalog::id).toList();
    throw new IllegalArgumentException("there is no mechanism " + id + ": choose one of " + known);
  }

  /** Kebab case of a class name: HeadGate is head-gate. */
  static String id(Class<?> type) {
    String id =
        type.getSimpleName().replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    Require.state(!id.isEmpty(), "a mechanism needs a named class");
    return id;
  }
}
