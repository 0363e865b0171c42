package dev.assay.gradcheck.mutant;

import java.nio.file.Path;
import java.util.List;

/** Engines whose sources faults are planted in. */
public enum FastKernels {
  /** On the CPU's vector units. */
  SIMD("simd.SimdEngine", 60) {
    @Override
    List<Planted> faults() {
      return PlantedCatalog.all();
    }
  },
  /** On a device, by TornadoVM. */
  TORNADO("tornado.TornadoEngine", 900) {
    @Override
    List<Planted> faults() {
      return PlantedDeviceCatalog.all();
    }

    @Override
    void prepare() {
      System.setProperty("assay.tornado.kernels", "plain");
    }
  };

  /** The package of all engines that faults are planted in. */
  static final String ROOM = "dev.assay.accelerated.";

  private final String engine;
  private final int seconds;

  FastKernels(String engine, int seconds) {
    this.engine = engine;
    this.seconds = seconds;
  }

  abstract List<Planted> faults();

  /**
   * Whether an exception gives a fault away: on a device it may as well be that its compiler does
   * not take the kernel.
   */
  boolean mayCrash() {
    return this == SIMD;
  }

  /** What must be so before classes of the engine are loaded. */
  void prepare() {}

  /** The class of the engine. */
  String engineClass() {
    return ROOM + engine;
  }

  /** How long a case may take, compilers included; a wrong kernel may wait for ever. */
  int seconds() {
    return seconds;
  }

  /** Where the sources of a fault are: those that need TornadoVM have a root of their own. */
  static Path source(Path root, Planted fault) {
    String sources = fault.file().startsWith("tornado/") ? "tornado" : "main";
    return root.resolve("accelerated/src")
        .resolve(sources)
        .resolve("java/dev/assay/accelerated")
        .resolve(fault.file() + ".java");
  }
}
