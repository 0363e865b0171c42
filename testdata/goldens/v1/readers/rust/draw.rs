//! Random tensors from their recipes (SPEC.md, section 4).

use crate::json::Json;
use crate::safetensors::width;

/// Philox4x32-10.
fn words(mut key: [u32; 2], mut c: [u32; 4]) -> [u32; 4] {
    for _ in 0..10 {
        let a = 0xD251_1F53 * u64::from(c[0]);
        let b = 0xCD9E_8D57 * u64::from(c[2]);
        let high = |wide: u64| (wide >> 32) as u32;
        c = [high(b) ^ c[1] ^ key[0], b as u32, high(a) ^ c[3] ^ key[1], a as u32];
        key = [key[0].wrapping_add(0x9E37_79B9), key[1].wrapping_add(0xBB67_AE85)];
    }
    c
}

/// A number before shift and rounding; exact.
fn number(dist: &str, p: u64, w: [u32; 4]) -> Result<f64, String> {
    let halves = w.iter().map(|x| f64::from(x & 0xFFFF) + f64::from(x >> 16));
    let bell = halves.sum::<f64>() - 262_144.0;
    match dist {
        "bell" => Ok(bell),
        "sparse" => Ok(if w[3] >> 29 == 0 { bell } else { 0.0 }),
        "spike" => Ok(if w[3] >> 26 == 0 { 16.0 * bell } else { bell }),
        "ties" => Ok((f64::from(w[0] >> 30) - 1.5) * 65536.0),
        "anti" if p % 2 == 0 => Ok(bell.abs()),
        "anti" => Ok(0.0 - bell.abs()),
        "wide" => Ok(bell * 2f64.powi((w[2] >> 28) as i32 - 8)),
        "exact" => Ok((f64::from(w[0] >> 29) - 4.0) * 65536.0),
        other => Err(format!("unknown distribution '{other}'")),
    }
}

/// Bits of the significand and the smallest exponent of a type.
fn precision(dtype: &str) -> Result<(i32, i32), String> {
    match dtype {
        "F64" => Ok((53, -1022)),
        "F32" => Ok((24, -126)),
        "F16" => Ok((11, -14)),
        "BF16" => Ok((8, -126)),
        other => Err(format!("numbers of type {other} are not drawn")),
    }
}

fn exponent(x: f64, least: i32) -> i32 {
    ((x.to_bits() >> 52 & 2047) as i32 - 1023).max(least)
}

/// To nearest, ties to even.
fn rounded(x: f64, (bits, least): (i32, i32)) -> f64 {
    let ulp = 2f64.powi(exponent(x, least) - bits + 1);
    (x / ulp).round_ties_even() * ulp
}

/// The bits of one of the type's numbers: the leading bit of a normal one adds 1 to the exponent.
fn encoded(x: f64, (bits, least): (i32, i32), width: usize) -> u64 {
    let e = exponent(x, least);
    let sign = u64::from(x < 0.0) << (8 * width - 1);
    let significand = (x.abs() / 2f64.powi(e - bits + 1)) as u64;
    sign + ((((e - least) as u64) << (bits - 1)) + significand)
}

/// The bytes of so many elements of a tensor; numbers are rounded to the type of the case first.
pub fn bytes(gen: &Json, first: u64, count: usize, dtype: &str, of_case: &str) -> Result<Vec<u8>, String> {
    let word = |json: &Json| {
        let digits = json.text()?.strip_prefix("0x").unwrap_or_default();
        u32::from_str_radix(digits, 16).map_err(|_| format!("{json:?} is no word as 0x000a55a7"))
    };
    if gen.get("alg")?.text()? != "philox4x32-10" {
        return Err(format!("unknown generator {:?}", gen.get("alg")?));
    }
    let [seed, stream] = gen.get("key")?.list()? else {
        return Err("the key of a generator has two words".to_string());
    };
    let (key, case) = ([word(seed)?, word(stream)?], word(gen.get("counter")?)?);
    let (dist, shift) = (gen.get("dist")?.text()?, gen.get("shift")?.whole()?);
    let (case_type, stored, width) = (precision(of_case)?, precision(dtype)?, width(dtype)?);
    let mut bytes = Vec::with_capacity(count * width);
    for p in first..first + count as u64 {
        let x = number(dist, p, words(key, [p as u32, (p >> 32) as u32, case, 0]))?;
        let scaled = x * 2f64.powi(shift as i32);
        let bits = if x == 0.0 { 0 } else { encoded(rounded(scaled, case_type), stored, width) };
        bytes.extend_from_slice(&bits.to_le_bytes()[..width]);
    }
    Ok(bytes)
}
