package dev.assay.file;

/**
 * The 16-bit floating types as bit patterns. The conversions are written out because those of the
 * hardware turn signalling NaNs into quiet ones, and a file must come back as it was.
 */
final class HalfBits {
  private HalfBits() {}

  static float fromF16(int bits) {
    int magnitude = bits & 0x7FFF;
    if (magnitude <= 0x7C00) {
      return Float.float16ToFloat((short) bits);
    }
    return Float.intBitsToFloat(((bits & 0x8000) << 16) | 0x7F800000 | ((bits & 0x3FF) << 13));
  }

  static float fromBf16(int bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** The nearest binary16; of a NaN the leading ten bits of its payload. */
  static int toF16(float value) {
    if (!Float.isNaN(value)) {
      return Float.floatToFloat16(value) & 0xFFFF;
    }
    int bits = Float.floatToRawIntBits(value);
    return ((bits >>> 16) & 0x8000) | 0x7C00 | nanPayload((bits >>> 13) & 0x3FF, 0x200);
  }

  /** The bfloat16 of a value that is one; of a NaN the leading seven bits of its payload. */
  static int toBf16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (!Float.isNaN(value)) {
      return bits >>> 16;
    }
    return ((bits >>> 16) & 0xFF80) | nanPayload((bits >>> 16) & 0x7F, 0x40);
  }

  /** Without a payload the pattern would be an infinity. */
  private static int nanPayload(int payload, int quiet) {
    return payload == 0 ? quiet : payload;
  }
}
