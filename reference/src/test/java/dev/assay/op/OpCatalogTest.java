package dev.assay.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OpCatalogTest {
  @Test
  void every_primitive_has_a_sample() {
    Set<Class<?>> sampled =
        OpCatalog.samples().stream().map(s -> s.op().getClass()).collect(Collectors.toSet());
    Set<Class<?>> family = Set.of(Primitive.class.getPermittedSubclasses());
    assertEquals(names(family), names(sampled));
    assertTrue(family.size() >= 30, "the family has only " + family.size() + " members");
  }

  private static Set<String> names(Set<Class<?>> classes) {
    return classes.stream()
        .map(Class::getSimpleName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void exactly_the_declared_inputs_have_no_gradient() {
    for (Sample sample : OpCatalog.samples()) {
      Tape tape = new Tape();
      List<Var> x = new ArrayList<>();
      sample.inputs().forEach(input -> x.add(tape.leaf("x", input)));
      Var y = tape.record(sample.op(), x).getFirst();
      List<@Nullable Var> back = sample.op().vjp(x, y, tape.leaf("dy", Tensor.full(y.shape(), 1)));
      for (int i = 0; i < x.size(); i++) {
        boolean declared = OpCatalog.withoutGradient(sample.op()).contains(i);
        assertEquals(declared, back.get(i) == null, sample.op() + " input " + i);
      }
    }
  }

  @Test
  void every_cotangent_and_tangent_has_the_shape_of_its_value() {
    for (Sample sample : OpCatalog.samples()) {
      Tape tape = new Tape();
      List<Var> x = new ArrayList<>();
      sample.inputs().forEach(input -> x.add(tape.leaf("x", input)));
      Var y = tape.record(sample.op(), x).getFirst();
      List<@Nullable Var> back = sample.op().vjp(x, y, tape.leaf("dy", y.value()));
      for (int i = 0; i < x.size(); i++) {
        Var cotangent = back.get(i);
        if (cotangent != null) {
          assertEquals(x.get(i).shape(), cotangent.shape(), sample.op() + " input " + i);
        }
      }
      Tensor t = sample.op().jvp(sample.inputs(), y.value(), sample.inputs());
      assertEquals(y.shape(), t.shape(), sample.op().toString());
    }
  }

  @Test
  void samples_are_the_same_bits_every_time() {
    List<Sample> first = OpCatalog.samples();
    List<Sample> second = OpCatalog.samples();
    for (int s = 0; s < first.size(); s++) {
      for (int i = 0; i < first.get(s).inputs().size(); i++) {
        assertTrue(first.get(s).inputs().get(i).bitEquals(second.get(s).inputs().get(i)));
      }
    }
  }

  @Test
  void each_sample_says_what_is_particular_about_it() {
    assertTrue(OpCatalog.samples().stream().noneMatch(sample -> sample.remark().isBlank()));
  }
}
