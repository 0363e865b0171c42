//! Safetensors: the length of a JSON header, the header, then the data, row-major and little-endian.

use crate::json::Json;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// A tensor as it lies in the file.
pub struct Entry {
    pub dtype: String,
    pub shape: Vec<usize>,
    pub bytes: Vec<u8>,
}

impl Entry {
    /// Type and extents, as messages show them.
    pub fn kind(&self) -> String {
        format!("{} {:?}", self.dtype, self.shape)
    }
}

/// What the file says of itself, and its tensors by name.
pub type Contents = (BTreeMap<String, String>, BTreeMap<String, Entry>);

/// Reads a file; the sentence of a fault begins with its path.
pub fn read(path: &Path) -> Result<Contents, String> {
    let within = |problem: String| format!("{}: {problem}", path.display());
    let raw = fs::read(path).map_err(|problem| within(problem.to_string()))?;
    contents(&raw).map_err(within)
}

fn contents(raw: &[u8]) -> Result<Contents, String> {
    let length = raw.first_chunk().map_or(u64::MAX, |bytes| u64::from_le_bytes(*bytes));
    let end = length.checked_add(8).filter(|&end| end <= raw.len() as u64);
    let (header, data) = raw.split_at(end.ok_or("ends before its header does")? as usize);
    let text = std::str::from_utf8(&header[8..]).map_err(|_| "the header is not UTF-8")?;
    let (mut metadata, mut entries) = (BTreeMap::new(), BTreeMap::new());
    for (name, json) in Json::parse(text)?.members()? {
        if name == "__metadata__" {
            for (key, value) in json.members()? {
                metadata.insert(key.clone(), value.text()?.to_string());
            }
        } else {
            let entry = entry(json, data).map_err(|problem| format!("'{name}': {problem}"))?;
            entries.insert(name.clone(), entry);
        }
    }
    Ok((metadata, entries))
}

/// Bytes of an element.
pub fn width(dtype: &str) -> Result<usize, String> {
    match dtype {
        "F64" => Ok(8),
        "F32" | "I32" => Ok(4),
        "F16" | "BF16" => Ok(2),
        "BOOL" => Ok(1),
        other => Err(format!("the type {other} is not known")),
    }
}

/// A list of whole numbers that are not negative.
pub fn sizes(json: &Json, key: &str) -> Result<Vec<usize>, String> {
    let number = |x: &Json| usize::try_from(x.whole()?).map_err(|_| format!("negative {key}"));
    json.get(key)?.list()?.iter().map(number).collect()
}

fn entry(json: &Json, data: &[u8]) -> Result<Entry, String> {
    let dtype = json.get("dtype")?.text()?.to_string();
    let (shape, offsets) = (sizes(json, "shape")?, sizes(json, "data_offsets")?);
    let first = width(&dtype)?;
    let wanted = shape.iter().try_fold(first, |product, &n| product.checked_mul(n));
    match offsets[..] {
        [from, to] if from <= to && to <= data.len() && wanted == Some(to - from) => {
            Ok(Entry { dtype, shape, bytes: data[from..to].to_vec() })
        }
        _ => Err(format!("{dtype} {shape:?} does not lie at {offsets:?} of {} bytes", data.len())),
    }
}
