package dev.assay.cli;

import dev.assay.engine.Availability;
import dev.assay.engine.Engine;
import dev.assay.engine.Engines;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Engines by the names that users give them, and what to do about those that are not here. */
final class EngineChoice {
  private EngineChoice() {}

  /** Engines that Assay knows of but that are only there when asked for. */
  static Map<String, Availability> onDemand() {
    Map<String, Availability> known = new LinkedHashMap<>();
    known.put(
        "onnxruntime",
        Availability.no(
            "third-party engines are loaded only on demand",
            "call '" + Launch.launcher() + " --with peers ...'"));
    known.put(
        "tornado",
        Availability.no(
            "no TornadoVM SDK was named", "set TORNADOVM_HOME to an SDK's folder and run again"));
    return known;
  }

  /** The engine of that id, if it could be loaded; it may still be unable to run here. */
  static Optional<Engine> loaded(String id) {
    return Engines.all().stream().filter(engine -> engine.id().equals(id)).findFirst();
  }

  /** Why an engine cannot be used here, with the remedy; empty if it can. */
  static Optional<String> absence(String id) {
    Optional<Engine> engine = loaded(id);
    Availability here = engine.map(Engine::availability).orElse(onDemand().get(id));
    if (here == null) {
      String found = Engines.all().stream().map(Engine::id).collect(Collectors.joining(", "));
      return Optional.of(
          "there is no engine %s: the engines found here are %s".formatted(id, found));
    }
    return here.available()
        ? Optional.empty()
        : Optional.of(
            "engine %s is not here: %s; %s".formatted(id, here.description(), here.remedy()));
  }

  /**
   * The engine of that id.
   *
   * @throws Absent if it cannot be used here
   */
  static Engine find(String id) {
    Optional<String> absence = absence(id);
    if (absence.isPresent()) {
      throw new Absent(absence.get());
    }
    return loaded(id).orElseThrow();
  }
}
