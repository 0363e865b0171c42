package dev.assay.file;

import dev.assay.check.Require;
import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;

/**
 * Named tensors with their types in a file, in the file's order. What was read from disk is known
 * by shape and type at once; its values are read when they are asked for, and anew each time.
 *
 * <p>F32, F16 and BF16 arrive in F32 storage, everything else in F64. Integers beyond 2^53 are
 * refused, since F64 does not hold them exactly.
 */
public final class TensorFile {
  /** Where the values of a tensor come from. */
  @FunctionalInterface
  interface Values {
    Tensor load() throws IOException;

    /** Elements from a row-major position on; whoever can reads no others. */
    default Tensor piece(int first, int count) throws IOException {
      Tensor all = load();
      return Tensor.generate(Shape.of(count), p -> all.get(first + p));
    }
  }

  record Entry(DType dtype, Shape shape, Values values) {}

  private final String source;
  private final SequencedMap<String, Entry> entries;
  private final SequencedMap<String, String> metadata;

  TensorFile(
      String source, SequencedMap<String, Entry> entries, SequencedMap<String, String> metadata) {
    this.source = source;
    this.entries = Collections.unmodifiableSequencedMap(entries);
    this.metadata = Collections.unmodifiableSequencedMap(metadata);
  }

  /**
   * Opens a file by the end of its name: {@code .safetensors}, {@code .npz} or {@code .npy}.
   *
   * @throws FormatException if it is not what its name says, or the name says none of them
   */
  public static TensorFile read(Path file) throws IOException {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    if (name.endsWith(".safetensors")) {
      return Safetensors.read(file);
    }
    if (name.endsWith(".npz")) {
      return Npz.read(file);
    }
    if (name.endsWith(".npy")) {
      return Npy.read(file);
    }
    throw new FormatException(
        file.toString(),
        "name",
        "must end with .safetensors, .npz or .npy, which tells the format");
  }

  /** A file in the making. */
  public static Builder builder() {
    return new Builder();
  }

  /** The file that it was read from, for messages. */
  public String source() {
    return source;
  }

  /** The names of the tensors, in order. */
  public SequencedSet<String> names() {
    return entries.sequencedKeySet();
  }

  /** Whether there is a tensor of that name. */
  public boolean has(String name) {
    return entries.containsKey(name);
  }

  /**
   * The element type in the file.
   *
   * @throws FormatException if there is no such tensor
   */
  public DType dtype(String name) throws FormatException {
    return entry(name).dtype();
  }

  /**
   * The extents.
   *
   * @throws FormatException if there is no such tensor
   */
  public Shape shape(String name) throws FormatException {
    return entry(name).shape();
  }

  /**
   * The values of a tensor.
   *
   * @throws FormatException if there is no such tensor or its data is broken
   */
  public Tensor tensor(String name) throws IOException {
    return entry(name).values().load();
  }

  /**
   * Some values of a tensor; from a safetensors file no others are read.
   *
   * @param first row-major position of the first
   * @param count how many
   * @throws FormatException if there is no such tensor or its data is broken
   * @throws IllegalArgumentException if the tensor has fewer elements
   */
  public Tensor piece(String name, int first, int count) throws IOException {
    Entry entry = entry(name);
    Require.argument(
        first >= 0 && count >= 0 && count <= entry.shape().size() - first,
        "tensor %s has %d elements: %d from %d on are not there",
        name,
        entry.shape().size(),
        count,
        first);
    return entry.values().piece(first, count);
  }

  /** The same file with other values, and another shape, for one of its tensors. */
  public TensorFile with(String name, Tensor values) throws FormatException {
    SequencedMap<String, Entry> changed = new LinkedHashMap<>(entries);
    changed.put(name, new Entry(entry(name).dtype(), values.shape(), () -> values));
    return new TensorFile(source, changed, metadata);
  }

  /**
   * The elements as they lie in a file: little-endian, row-major, in their type.
   *
   * @throws FormatException if there is no such tensor or its data is broken
   */
  public byte[] bytes(String name) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ElementWriter.write(bytes, dtype(name), tensor(name));
    return bytes.toByteArray();
  }

  /** The values of all tensors, in order. */
  public SequencedMap<String, Tensor> tensors() throws IOException {
    SequencedMap<String, Tensor> all = new LinkedHashMap<>();
    for (Map.Entry<String, Entry> entry : entries.entrySet()) {
      all.put(entry.getKey(), entry.getValue().values().load());
    }
    return all;
  }

  /** Free text about the file, in order; empty in formats that have none. */
  public SequencedMap<String, String> metadata() {
    return metadata;
  }

  private Entry entry(String name) throws FormatException {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new FormatException(source, "tensor " + name, "is missing: the file holds " + names());
    }
    return entry;
  }

  SequencedMap<String, Entry> entries() {
    return entries;
  }

  /** Collects tensors in the order in which the file will name them. */
  public static final class Builder {
    private final SequencedMap<String, Entry> entries = new LinkedHashMap<>();
    private final SequencedMap<String, String> metadata = new LinkedHashMap<>();

    private Builder() {}

    /** Adds a tensor in the type of its storage. */
    public Builder put(String name, Tensor tensor) {
      return put(name, tensor.storage() == Storage.F64 ? DType.F64 : DType.F32, tensor);
    }

    /**
     * Adds a tensor in another type.
     *
     * @throws IllegalArgumentException if the type does not hold one of the values exactly
     */
    public Builder put(String name, DType dtype, Tensor tensor) {
      ElementWriter.check(name, dtype, tensor);
      entries.putLast(name, new Entry(dtype, tensor.shape(), () -> tensor));
      return this;
    }

    /** Adds tensors in the types of their storages. */
    public Builder putAll(Map<String, Tensor> tensors) {
      tensors.forEach(this::put);
      return this;
    }

    /** Adds a line of metadata. */
    public Builder metadata(String key, String value) {
      metadata.putLast(key, value);
      return this;
    }

    /** The file, ready to be written. */
    public TensorFile build() {
      return new TensorFile(
          "(not written yet)", new LinkedHashMap<>(entries), new LinkedHashMap<>(metadata));
    }
  }
}
