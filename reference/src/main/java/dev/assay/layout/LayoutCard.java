package dev.assay.layout;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What a layout is.
 *
 * @param id kebab case, project first
 * @param title what it holds, in a few words
 * @param source project, and the file of it in which the layout is defined
 * @param blockQ queries in a block where the layout fixes it, else 0
 * @param blockK keys in a block where the layout fixes it, else 0
 * @param abilities what it can say
 * @param tensors what it is made of, in the order in which it is written
 * @param notes what a reader must know, a sentence each
 */
public record LayoutCard(
    String id,
    String title,
    String source,
    int blockQ,
    int blockK,
    Set<Ability> abilities,
    List<LayoutTensor> tensors,
    List<String> notes) {
  /** Copies the collections. */
  public LayoutCard {
    EnumSet<Ability> ordered = EnumSet.noneOf(Ability.class);
    ordered.addAll(abilities);
    abilities = Collections.unmodifiableSet(ordered);
    tensors = List.copyOf(tensors);
    notes = List.copyOf(notes);
  }

  /** The number of keys or queries in a block where the layout fixes it, else 0. */
  int size(Axis axis) {
    return axis == Axis.QUERIES ? blockQ : blockK;
  }
}
