package dev.assay.gradcheck.mutant;

/**
 * All lines of the plain kernel. The right ones are the classes' own methods; a mutant is a
 * subclass that overrides one.
 */
record Lines(
    IndexLines index,
    MaskLines mask,
    ScoreLines score,
    SoftmaxLines softmax,
    JoinLines join,
    BackwardLines backward,
    ChoiceLines choice) {
  /** Those of the right kernel. */
  static final Lines RIGHT =
      new Lines(
          new IndexLines(),
          new MaskLines(),
          new ScoreLines(),
          new SoftmaxLines(),
          new JoinLines(),
          new BackwardLines(),
          new ChoiceLines());

  static Lines with(IndexLines wrong) {
    return new Lines(
        wrong, RIGHT.mask, RIGHT.score, RIGHT.softmax, RIGHT.join, RIGHT.backward, RIGHT.choice);
  }

  static Lines with(MaskLines wrong) {
    return new Lines(
        RIGHT.index, wrong, RIGHT.score, RIGHT.softmax, RIGHT.join, RIGHT.backward, RIGHT.choice);
  }

  static Lines with(ScoreLines wrong) {
    return new Lines(
        RIGHT.index, RIGHT.mask, wrong, RIGHT.softmax, RIGHT.join, RIGHT.backward, RIGHT.choice);
  }

  static Lines with(SoftmaxLines wrong) {
    return new Lines(
        RIGHT.index, RIGHT.mask, RIGHT.score, wrong, RIGHT.join, RIGHT.backward, RIGHT.choice);
  }

  static Lines with(JoinLines wrong) {
    return new Lines(
        RIGHT.index, RIGHT.mask, RIGHT.score, RIGHT.softmax, wrong, RIGHT.backward, RIGHT.choice);
  }

  static Lines with(BackwardLines wrong) {
    return new Lines(
        RIGHT.index, RIGHT.mask, RIGHT.score, RIGHT.softmax, RIGHT.join, wrong, RIGHT.choice);
  }

  static Lines with(ChoiceLines wrong) {
    return new Lines(
        RIGHT.index, RIGHT.mask, RIGHT.score, RIGHT.softmax, RIGHT.join, RIGHT.backward, wrong);
  }
}
