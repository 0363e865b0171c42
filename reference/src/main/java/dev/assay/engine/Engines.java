package dev.assay.engine;

import dev.assay.check.Require;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * The engines that can be found: {@code scalar} and whatever {@link ServiceLoader} names. A
 * provider whose classes are absent or broken is passed over, and the reason kept.
 */
public final class Engines {
  /** A broken list of providers could fail without end: after this many failures, stop. */
  private static final int MOST_FAILURES = 100;

  private static final Engines FOUND =
      new Engines(ServiceLoader.load(Engine.class, Engines.class.getClassLoader()).iterator());

  private final List<Engine> engines = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();

  Engines(Iterator<Engine> providers) {
    engines.add(new ScalarEngine());
    while (failures.size() < MOST_FAILURES) {
      try {
        if (!providers.hasNext()) {
          break;
        }
        add(providers.next());
      } catch (ServiceConfigurationError | LinkageError failure) {
        failures.add(reason(failure));
      }
    }
    engines.subList(1, engines.size()).sort(Comparator.comparing(Engine::id));
  }

  private void add(Engine engine) {
    if (engines.stream().noneMatch(known -> known.id().equals(engine.id()))) {
      engines.add(engine);
    }
  }

  private static String reason(Error failure) {
    Throwable cause = failure.getCause();
    return cause == null ? failure.toString() : failure.getMessage() + ": " + cause;
  }

  /** All engines that could be loaded: scalar first, the others by id. */
  public static List<Engine> all() {
    return FOUND.list();
  }

  /** Why providers that are named could not be loaded, a sentence each. */
  public static List<String> notLoaded() {
    return List.copyOf(FOUND.failures);
  }

  /**
   * The engine of that id.
   *
   * @throws IllegalArgumentException naming the known ids, if there is none
   */
  public static Engine find(String id) {
    return FOUND.get(id);
  }

  List<Engine> list() {
    return List.copyOf(engines);
  }

  List<String> failures() {
    return List.copyOf(failures);
  }

  Engine get(String id) {
    List<String> ids = engines.stream().map(Engine::id).toList();
    int at = ids.indexOf(id);
    Require.argument(
        at >= 0,
        "there is no engine %s: the engines found here are %s",
        id,
        String.join(", ", ids));
    return engines.get(at);
  }
}
