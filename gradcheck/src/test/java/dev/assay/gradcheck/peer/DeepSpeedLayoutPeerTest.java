package dev.assay.gradcheck.peer;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.DeepSpeedLayout;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The layouts of DeepSpeed's FixedSparsityConfig, block by block. */
class DeepSpeedLayoutPeerTest {
  static List<Arguments> layouts() {
    return List.of(
        arguments("layout0", List.of()),
        arguments("layout1", List.of("unidirectional=true")),
        arguments(
            "layout2",
            List.of(
                "unidirectional=true",
                "differentLayoutPerHead=true",
                "numDifferentGlobalPatterns=4")),
        arguments(
            "layout3",
            List.of(
                "numGlobalBlocks=2",
                "differentLayoutPerHead=true",
                "numDifferentGlobalPatterns=2")),
        arguments(
            "layout4", List.of("numGlobalBlocks=2", "unidirectional=true", "reading=UPSTREAM")),
        arguments("layout5", List.of("numLocalBlocks=5", "horizontalGlobalAttention=true")),
        arguments("layout6", List.of("unidirectional=true")),
        arguments("layout7", List.of("numLocalBlocks=2")));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("layouts")
  void fixed_lists_the_blocks_of_the_library(String name, List<String> settings)
      throws IOException {
    Tensor published = PeerCase.of("deepspeed_fixed").tensor(name);
    DeepSpeedLayout fixed = Settings.make(DeepSpeedLayout.class, Settings.parse(settings));
    int heads = published.shape().extent(0);
    int blocks = published.shape().extent(1);
    assertTrue(
        published.bitEquals(fixed.table(heads, blocks, null)),
        "the blocks differ: published are " + published);
  }
}
