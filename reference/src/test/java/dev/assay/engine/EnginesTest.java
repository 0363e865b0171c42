package dev.assay.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnginesTest {
  @TempDir Path folder;

  private Engines listed(String... names) throws IOException {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.write(services.resolve("dev.assay.engine.Engine"), List.of(names));
    URL[] urls = {folder.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(urls, Engine.class.getClassLoader())) {
      return new Engines(ServiceLoader.load(Engine.class, loader).iterator());
    }
  }

  @Test
  void scalar_comes_first() {
    assertEquals("scalar", Engines.all().getFirst().id());
  }

  @Test
  void scalar_is_there_even_if_nothing_is_listed() {
    Engines none = new Engines(List.<Engine>of().iterator());
    assertEquals(List.of("scalar"), none.list().stream().map(Engine::id).toList());
  }

  @Test
  void scalar_is_there_once_although_it_is_listed() {
    assertEquals(1, Engines.all().stream().filter(engine -> engine.id().equals("scalar")).count());
  }

  @Test
  void an_absent_class_is_passed_over_and_the_reason_kept() throws IOException {
    Engines engines = listed("dev.assay.engine.Nowhere", "dev.assay.engine.ScalarEngine");
    assertEquals(List.of("scalar"), engines.list().stream().map(Engine::id).toList());
    assertTrue(
        engines.failures().stream().anyMatch(reason -> reason.contains("dev.assay.engine.Nowhere")),
        engines.failures().toString());
  }

  @Test
  void a_class_that_is_no_engine_is_passed_over() throws IOException {
    Engines engines = listed("dev.assay.engine.EnginesTest");
    assertTrue(
        engines.failures().stream()
            .anyMatch(reason -> reason.contains("dev.assay.engine.EnginesTest")),
        engines.failures().toString());
  }

  @Test
  void a_list_that_fails_without_end_is_given_up() {
    Iterator<Engine> broken =
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            throw new ServiceConfigurationError("the list cannot be read");
          }

          @Override
          public Engine next() {
            throw new ServiceConfigurationError("the list cannot be read");
          }
        };
    assertEquals(List.of("scalar"), new Engines(broken).list().stream().map(Engine::id).toList());
  }

  @Test
  void an_unknown_id_is_refused_with_the_known_ones() {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> Engines.find("quantum"));
    assertTrue(String.valueOf(refusal.getMessage()).startsWith("there is no engine quantum"));
    assertTrue(String.valueOf(refusal.getMessage()).contains("scalar"));
  }

  @Test
  void a_known_id_is_found() {
    assertEquals("f64", Engines.find("scalar").precisionClass());
  }
}
