package dev.assay.gradcheck.mutant;

import dev.assay.engine.Engine;
import dev.assay.file.FormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.JavaFileObject.Kind;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * An engine with one text of its sources replaced: the changed file is compiled in memory, and all
 * classes of the engine are loaded anew, so that they see it.
 */
final class PatchedEngine {
  /** A fault whose place in the sources is gone. */
  static final class StaleFault extends Exception {
    private static final long serialVersionUID = 1L;

    StaleFault(String sentence) {
      super(sentence);
    }
  }

  private PatchedEngine() {}

  /** The engine as it is, loaded in the same way. */
  static Engine unchanged(FastKernels kernels) {
    return load(kernels, Map.of());
  }

  /**
   * The engine with a fault.
   *
   * @param root of the project, where the sources are
   * @throws IOException with one sentence, if there are no sources
   * @throws StaleFault if its text is not there once
   */
  static Engine of(FastKernels kernels, Planted fault, Path root) throws IOException, StaleFault {
    Path file = FastKernels.source(root, fault);
    if (!Files.exists(file)) {
      throw new FormatException(
          file.toString(),
          "file",
          "is not here: faults are planted in sources, so run this in a checkout of Assay or name one"
              + " by --root");
    }
    String right = Files.readString(file);
    int at = right.indexOf(fault.old());
    if (at < 0 || right.indexOf(fault.old(), at + 1) >= 0) {
      throw new StaleFault(
          "%s does not apply any more: the text '%s' must occur once in %s"
              .formatted(fault.id(), fault.old(), file));
    }
    String name = FastKernels.ROOM + fault.file().replace('/', '.');
    return load(kernels, compiled(name, right.replace(fault.old(), fault.wrong())));
  }

  private static Engine load(FastKernels kernels, Map<String, byte[]> changed) {
    kernels.prepare();
    try {
      Class<?> type = new Anew(changed).loadClass(kernels.engineClass());
      return (Engine) type.getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException broken) {
      throw new IllegalStateException("the engine could not be loaded anew", broken);
    }
  }

  private static Map<String, byte[]> compiled(String name, String text) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new IOException("this Java has no compiler: use a JDK, not a JRE");
    }
    StringWriter said = new StringWriter();
    // -g: without the names of local variables TornadoVM does not take a kernel.
    List<String> options =
        new ArrayList<>(
            List.of("-g", "-proc:none", "-nowarn", "-cp", System.getProperty("java.class.path")));
    String modules = "jdk.incubator.vector";
    String modulePath = System.getProperty("jdk.module.path");
    if (modulePath != null && name.startsWith(FastKernels.ROOM + "tornado.")) {
      modules += ",tornado.api";
      options.addAll(List.of("--module-path", modulePath));
    }
    options.addAll(List.of("--add-modules", modules));
    try (Memory memory = new Memory(compiler.getStandardFileManager(null, null, null))) {
      boolean done =
          compiler
              .getTask(said, memory, null, options, null, List.of(new Source(name, text)))
              .call();
      if (!done) {
        throw new IOException("the planted fault in " + name + " does not compile: " + said);
      }
      Map<String, byte[]> classes = new HashMap<>();
      memory.written.forEach((type, bytes) -> classes.put(type, bytes.toByteArray()));
      return classes;
    }
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String name, String text) {
      super(URI.create("string:///" + name.replace('.', '/') + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  /** Keeps what is compiled. */
  private static final class Memory extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, ByteArrayOutputStream> written = new HashMap<>();

    Memory(JavaFileManager files) {
      super(files);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String name, Kind kind, FileObject sibling) {
      return new SimpleJavaFileObject(URI.create("mem:///" + name), kind) {
        @Override
        public OutputStream openOutputStream() {
          return written.computeIfAbsent(name, _ -> new ByteArrayOutputStream());
        }
      };
    }
  }

  /** Loads all classes of the engine itself, some of them changed. */
  private static final class Anew extends ClassLoader {
    private final Map<String, byte[]> changed;

    Anew(Map<String, byte[]> changed) {
      super(PatchedEngine.class.getClassLoader());
      this.changed = changed;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        Class<?> known = findLoadedClass(name);
        if (known != null) {
          return known;
        }
        return name.startsWith(FastKernels.ROOM) ? findClass(name) : super.loadClass(name, resolve);
      }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      byte[] own = changed.get(name);
      try (InputStream file = getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (own == null && file == null) {
          throw new ClassNotFoundException(name);
        }
        byte[] bytes = own != null ? own : file.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException broken) {
        throw new ClassNotFoundException(name, broken);
      }
    }
  }
}
