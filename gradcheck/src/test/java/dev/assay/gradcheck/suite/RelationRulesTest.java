package dev.assay.gradcheck.suite;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.gradcheck.suite.RelationsDocument.Holds;
import dev.assay.gradcheck.suite.RelationsDocument.Link;
import dev.assay.gradcheck.suite.RelationsDocument.Relation;
import dev.assay.gradcheck.suite.RelationsDocument.Take;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A relation that could not be judged is refused when its suite is read. */
class RelationRulesTest {
  private static final List<Integer> ONE = List.of(0);

  private static void refused(String words, String right, Link... maps) throws IOException {
    Suite suite = Suite.load();
    Relation bad = new Relation("bad", "why", "relation/base", right, Holds.BOUNDS, List.of(maps));
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                new Suite(
                    suite.id(),
                    suite.version(),
                    suite.cases(),
                    suite.recipes(),
                    suite.flags(),
                    List.of(bad)));
    String sentence = String.valueOf(refused.getMessage());
    assertTrue(sentence.contains(words) && sentence.lines().count() == 1, sentence);
  }

  private static void refused(String words, Link... maps) throws IOException {
    refused(words, "relation/base", maps);
  }

  private static Link out(Take take) {
    return new Link("out", take, "0x1.0p0", "0x0.0p0");
  }

  @Test
  void a_result_that_a_case_does_not_expect() throws IOException {
    refused("expects no such result", new Link("uot", null, "0x1.0p0", "0x0.0p0"));
  }

  @Test
  void an_axis_that_the_tensors_do_not_have() throws IOException {
    refused("the axes 0 to 3", out(new Take(4, ONE, ONE)));
    refused("the axes 0 to 3", out(new Take(-1, ONE, ONE)));
  }

  @Test
  void places_that_do_not_pair_or_do_not_exist() throws IOException {
    refused("1 places on the left and 2 on the right", out(new Take(1, ONE, List.of(0, 1))));
    refused("at least one", out(new Take(1, List.of(), List.of())));
    refused("place 99 of take is outside", out(new Take(1, List.of(99), ONE)));
    refused("place -1 of take is outside", out(new Take(1, ONE, List.of(-1))));
  }

  @Test
  void numbers_that_are_no_hexadecimal_floats() throws IOException {
    refused("times is 'twice'", new Link("out", null, "twice", "0x0.0p0"));
    refused("plus is '0.1'", new Link("out", null, "0x1.0p0", "0.1"));
  }

  @Test
  void tensors_of_other_shapes_without_a_choice_of_places() throws IOException {
    refused("do not fit each other", "relation/first-entry", out(new Take(1, ONE, ONE)));
  }

  @Test
  void a_relation_without_a_map() throws IOException {
    refused("has no map");
  }
}
