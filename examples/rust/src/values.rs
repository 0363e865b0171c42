//! What a case says besides texts, lists and whole numbers (SPEC.md, section 1).

use crate::json::Json;

impl Json {
    pub fn truth(&self) -> Result<bool, String> {
        match self {
            Json::Bool(truth) => Ok(*truth),
            other => Err(format!("expected true or false, found {other:?}")),
        }
    }

    /// A string with a hexadecimal float, such as `0x1.8p-2`.
    pub fn real(&self) -> Result<f64, String> {
        let text = self.text()?;
        hexadecimal(text).ok_or_else(|| format!("'{text}' is no hexadecimal float as 0x1.8p-2"))
    }
}

fn hexadecimal(text: &str) -> Option<f64> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text),
    };
    let (digits, exponent) = rest.strip_prefix("0x")?.split_once('p')?;
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let digits = format!("{whole}{fraction}");
    // 14 digits hold the 53 bits of a double.
    if digits.len() > 14 || !digits.bytes().all(|c| c.is_ascii_hexdigit()) {
        return None;
    }
    let mantissa = u64::from_str_radix(&digits, 16).ok()? as f64;
    let exponent: i32 = exponent.parse().ok().filter(|e| (-1100..1100).contains(e))?;
    // In two steps, since 2^-1074 alone would come out as 1 / infinity.
    let power = exponent - 4 * fraction.len() as i32;
    let half = power / 2;
    Some(sign * mantissa * 2f64.powi(half) * 2f64.powi(power - half))
}
