package dev.assay.mechanism;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Documents a component of a {@link Mechanism} record: a key of {@code --set key=value}. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
  /** What it does, in a sentence, with its unit and range. */
  String value();

  /** The value that it has when nobody sets it, as it would be typed. */
  String by();
}
