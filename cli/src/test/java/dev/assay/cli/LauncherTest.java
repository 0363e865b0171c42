package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.bench.KernelFlags;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher, copied away from the project, with a Maven that builds nothing. */
class LauncherTest {
  private static final String FAILS =
      """
      echo '[INFO] Building Assay'
      echo '[ERROR] Failed to execute goal: the network is unreachable -> [Help 1]'
      echo '[ERROR] '
      echo '[ERROR] Re-run Maven using the -X switch'
      exit 1
      """;

  @TempDir private Path folder = Path.of("");
  private Path clone = Path.of("");

  private record Ran(int code, String said) {}

  @BeforeEach
  void copies() throws IOException {
    clone = folder.resolve("my clone");
    Files.createDirectories(clone.resolve("cli"));
    Files.createDirectories(folder.resolve("bin"));
    Path root = Path.of("..");
    for (String file : List.of("assay", "cli/jdk.sh", "cli/assay.flags")) {
      Files.copy(root.resolve(file), clone.resolve(file));
    }
    maven(FAILS);
  }

  private void maven(String script) throws IOException {
    Path mvn = Files.writeString(folder.resolve("bin/mvn"), "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(mvn, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Calls it from the folder above; an empty value takes a variable away. */
  private Ran assay(Map<String, String> variables, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("my clone/assay"));
    command.addAll(List.of(arguments));
    ProcessBuilder launcher = new ProcessBuilder(command).directory(folder.toFile());
    launcher.redirectErrorStream(true);
    Map<String, String> environment = launcher.environment();
    environment.put("PATH", folder.resolve("bin") + ":" + environment.get("PATH"));
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.remove("TORNADOVM_HOME");
    variables.forEach(environment::put);
    environment.values().removeIf(String::isEmpty);
    Process process = launcher.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ran(process.waitFor(), said);
  }

  @Test
  void its_flags_hold_those_that_benchmarks_give_their_own_jvms() throws IOException {
    List<String> flags =
        Files.readString(clone.resolve("cli/assay.flags")).replace(' ', '=').lines().toList();
    for (String flag : KernelFlags.all()) {
      assertTrue(flags.contains(flag), flag);
    }
  }

  @Test
  void a_failed_build_gives_its_reason_and_leaves_nothing() throws Exception {
    Ran ran = assay(Map.of(), "--version");
    assertEquals(70, ran.code(), ran::said);
    assertTrue(ran.said().contains("the network is unreachable\n"), ran::said);
    assertFalse(ran.said().contains("Re-run Maven"), ran::said);
    assertTrue(ran.said().contains("my clone/cli/target/launcher/build-core.log."), ran::said);
    assertFalse(Files.exists(clone.resolve("cli/target/launcher/core.new")));
  }

  @Test
  void the_users_own_settings_of_the_shell_do_not_matter() throws Exception {
    Map<String, String> odd = Map.of("CDPATH", ".:/tmp", "HOME", "");
    Ran ran = assay(odd, "--version");
    assertEquals(70, ran.code(), ran::said);
    assertTrue(ran.said().contains("the network is unreachable"), ran::said);
    assertFalse(ran.said().contains("unbound"), ran::said);
    assertTrue(Files.exists(clone.resolve("cli/target/launcher/build-core.log")));
  }

  @Test
  void without_a_home_no_jdk_is_one_sentence() throws Exception {
    // A java that is no JDK, so that none is found unless an installer's folder has one.
    Ran ran = assay(Map.of("HOME", "", "JAVA_HOME", "/nowhere"), "--version");
    assertFalse(ran.said().contains("unbound"), ran::said);
  }

  @Test
  void a_folder_that_is_no_tornado_sdk_is_refused_before_anything_is_built() throws Exception {
    Ran ran = assay(Map.of("TORNADOVM_HOME", "/nope"), "--version");
    assertEquals(5, ran.code(), ran::said);
    assertEquals(
        "assay: TORNADOVM_HOME is /nope, which holds no tornado-argfile: point it at a TornadoVM SDK"
            + " or unset it.\n",
        ran.said());
    assertFalse(Files.exists(clone.resolve("cli/target")));
  }

  @Test
  void java_is_told_how_the_launcher_was_called() throws Exception {
    maven(
        """
        mkdir -p cli/target
        cp '%s' cli/target/assay-cli-1.jar
        """
            .formatted(jarThatSays()));
    Ran ran = assay(Map.of(), "--with", "peers", "doctor");
    assertTrue(ran.said().endsWith("my\\ clone/assay --with peers\n"), ran::said);
  }

  /** A jar whose main class prints the two properties. */
  private Path jarThatSays() throws Exception {
    Path source = folder.resolve("dev/assay/cli/Assay.java");
    Files.createDirectories(source.resolveSibling(""));
    Files.writeString(
        source,
        """
        package dev.assay.cli;
        public class Assay {
          public static void main(String[] a) {
            System.out.println(System.getProperty("assay.launcher") + System.getProperty("assay.with"));
          }
        }
        """);
    Path tools = Path.of(System.getProperty("java.home"), "bin");
    run(tools.resolve("javac").toString(), source.toString());
    run(tools.resolve("jar").toString(), "cf", "says.jar", "-C", ".", "dev");
    return folder.resolve("says.jar");
  }

  private void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).directory(folder.toFile()).inheritIO().start();
    assertEquals(0, process.waitFor());
  }
}
