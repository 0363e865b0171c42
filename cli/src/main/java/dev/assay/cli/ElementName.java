package dev.assay.cli;

import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One element of one case: {@code family/case[tensor,i,j,...]}.
 *
 * @param golden the case
 * @param tensor out, lse or a gradient
 * @param position row-major
 */
record ElementName(GoldenCase golden, String tensor, int position) {
  private static final Pattern FORM = Pattern.compile("(.+)\\[(\\w+)((?:,\\d{1,9})*)\\]");

  /** Whether a word is meant to name an element. */
  static boolean isMeant(String word) {
    return word.indexOf('[') >= 0;
  }

  /**
   * Reads a name.
   *
   * @throws Usage.BadValue if it has another form, or names nothing
   */
  static ElementName of(String word, Suite suite) {
    Matcher form = FORM.matcher(word);
    Usage.require(
        form.matches(), "%s names no element: write CASE[tensor,index,...], as [dq,0,1,5,2]", word);
    String name = form.group(1);
    Usage.require(
        suite.recipes().stream().noneMatch(recipe -> recipe.golden().name().equals(name)),
        "%s is a recipe, too large to store: only stored cases can be explained",
        name);
    GoldenCase golden = suite.find(name);
    String tensor = form.group(2);
    Tensor expected = golden.expect().get(tensor);
    if (expected == null) {
      throw new Usage.BadValue(
          "%s is no result of %s: it has %s"
              .formatted(tensor, golden.name(), golden.expect().keySet()));
    }
    String[] digits =
        form.group(3).isEmpty() ? new String[0] : form.group(3).substring(1).split(",");
    int[] index = Arrays.stream(digits).mapToInt(Integer::parseInt).toArray();
    Shape shape = expected.shape();
    boolean inside = index.length == shape.rank();
    for (int axis = 0; inside && axis < index.length; axis++) {
      inside = index[axis] < shape.extent(axis);
    }
    Usage.require(inside, "%s lies outside of %s, whose shape is %s", word, tensor, shape);
    return new ElementName(golden, tensor, shape.offset(index));
  }

  /** What the case expects there. */
  double expected() {
    Tensor all = golden.expect().get(tensor);
    return all == null ? Double.NaN : all.get(position);
  }
}
