//! Safetensors: the length of a JSON header, the header, then the data, row-major and little-endian.

use crate::json::{quoted, Json};
use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::Path;

pub struct Tensor<T> {
    pub shape: Vec<usize>,
    values: Vec<T>,
}

impl<T: Copy> Tensor<T> {
    pub fn new(shape: &[usize], values: Vec<T>) -> Self {
        assert_eq!(shape.iter().product::<usize>(), values.len());
        Tensor { shape: shape.to_vec(), values }
    }

    /// The extents of a tensor of rank 4.
    pub fn extents(&self) -> Result<[usize; 4], String> {
        let shape = self.shape.as_slice();
        shape.try_into().map_err(|_| format!("{shape:?} has not four extents"))
    }

    pub fn broadcasts_to(&self, extents: [usize; 4]) -> Result<(), String> {
        let own = self.extents()?;
        if own.iter().zip(extents).all(|(&n, wanted)| n == 1 || n == wanted) {
            return Ok(());
        }
        Err(format!("{own:?} does not broadcast to {extents:?}"))
    }

    /// The element at a place, which an extent of 1 repeats.
    pub fn at(&self, place: [usize; 4]) -> T {
        let axes = self.shape.iter().zip(place);
        self.values[axes.fold(0, |p, (&n, x)| p * n + if n == 1 { 0 } else { x })]
    }

    pub fn row(&self, b: usize, h: usize, i: usize) -> &[T] {
        let [_, heads, rows, width] = [0, 1, 2, 3].map(|axis| self.shape[axis]);
        let start = ((b * heads + h) * rows + i) * width;
        &self.values[start..start + width]
    }
}

/// The tensors of one file, converted when they are asked for.
pub struct TensorFile {
    path: String,
    data: Vec<u8>,
    entries: BTreeMap<String, Entry>,
}

struct Entry {
    dtype: String,
    shape: Vec<usize>,
    bytes: Range<usize>,
}

impl TensorFile {
    pub fn read(path: &Path) -> Result<TensorFile, String> {
        let name = path.display().to_string();
        let mut header = fs::read(path).map_err(|problem| format!("{name}: {problem}"))?;
        let length = header.first_chunk().map_or(u64::MAX, |bytes| u64::from_le_bytes(*bytes));
        let end = length.checked_add(8).filter(|&end| end <= header.len() as u64);
        let end = end.ok_or_else(|| format!("{name}: ends before its header does"))?;
        let data = header.split_off(end as usize);
        let entries = entries(&header[8..], data.len());
        let entries = entries.map_err(|problem| format!("{name}: {problem}"))?;
        Ok(TensorFile { path: name, data, entries })
    }

    /// Numbers in f32, rounded where the file has F64.
    pub fn floats(&self, name: &str) -> Result<Tensor<f32>, String> {
        let entry = self.entry(name)?;
        let data = &self.data[entry.bytes.clone()];
        let values = match entry.dtype.as_str() {
            "F64" => numbers(data, |bytes| f64::from_le_bytes(bytes) as f32),
            "F32" => numbers(data, f32::from_le_bytes),
            "F16" => numbers(data, |bytes| binary16(u16::from_le_bytes(bytes))),
            "BF16" => numbers(data, |[low, high]| f32::from_le_bytes([0, 0, low, high])),
            other => return Err(self.not(name, other, "a float")),
        };
        Ok(Tensor::new(&entry.shape, values))
    }

    /// A list of whole numbers.
    pub fn integers(&self, name: &str) -> Result<Vec<i64>, String> {
        let entry = self.entry(name)?;
        if entry.dtype != "I32" || entry.shape.len() != 1 {
            return Err(self.not(name, &entry.dtype, "a list of I32"));
        }
        let data = &self.data[entry.bytes.clone()];
        Ok(numbers(data, |bytes| i64::from(i32::from_le_bytes(bytes))))
    }

    pub fn choices(&self, name: &str) -> Result<Tensor<bool>, String> {
        let entry = self.entry(name)?;
        let data = &self.data[entry.bytes.clone()];
        if entry.dtype != "BOOL" || data.iter().any(|&byte| byte > 1) {
            return Err(self.not(name, &entry.dtype, "BOOL with bytes 0 and 1"));
        }
        Ok(Tensor::new(&entry.shape, data.iter().map(|&byte| byte == 1).collect()))
    }

    fn entry(&self, name: &str) -> Result<&Entry, String> {
        let entry = self.entries.get(name);
        entry.ok_or_else(|| format!("{} has no tensor '{name}'", self.path))
    }

    fn not(&self, name: &str, found: &str, wanted: &str) -> String {
        format!("{}: '{name}' is {found}, but must be {wanted}", self.path)
    }
}

fn entries(header: &[u8], size: usize) -> Result<BTreeMap<String, Entry>, String> {
    let text = std::str::from_utf8(header).map_err(|_| "the header is not UTF-8")?;
    let header = Json::parse(text)?;
    let tensors = header.members()?.iter().filter(|(name, _)| name != "__metadata__");
    tensors
        .map(|(name, json)| {
            Ok((name.clone(), entry(json, size).map_err(|e| format!("'{name}': {e}"))?))
        })
        .collect()
}

fn entry(json: &Json, size: usize) -> Result<Entry, String> {
    let sizes = |key| -> Result<Vec<usize>, String> {
        let number = |x: &Json| usize::try_from(x.whole()?).map_err(|_| format!("negative {key}"));
        json.get(key)?.list()?.iter().map(number).collect()
    };
    let dtype = json.get("dtype")?.text()?.to_string();
    let width: usize = match dtype.as_str() {
        "F64" => 8,
        "F32" | "I32" => 4,
        "F16" | "BF16" => 2,
        "BOOL" => 1,
        other => return Err(format!("the type {other} is not known")),
    };
    let (shape, offsets) = (sizes("shape")?, sizes("data_offsets")?);
    let wanted = shape.iter().try_fold(width, |product, &n| product.checked_mul(n));
    match offsets[..] {
        [from, to] if from <= to && to <= size && wanted == Some(to - from) => {
            Ok(Entry { dtype, shape, bytes: from..to })
        }
        _ => Err(format!("{dtype} {shape:?} does not lie at {offsets:?} of {size} bytes")),
    }
}

fn numbers<const N: usize, T>(data: &[u8], decode: impl Fn([u8; N]) -> T) -> Vec<T> {
    let elements = data.chunks_exact(N).filter_map(|chunk| chunk.first_chunk());
    elements.map(|chunk| decode(*chunk)).collect()
}

fn binary16(bits: u16) -> f32 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f32::from(bits & 1023));
    sign * match (exponent, bits & 1023) {
        (0, _) => fraction * 2f32.powi(-24),
        (31, 0) => f32::INFINITY,
        (31, _) => f32::NAN,
        _ => (1024.0 + fraction) * 2f32.powi(exponent - 25),
    }
}

/// Writes tensors of F32 and makes the folders on the way.
pub fn write(
    path: &Path,
    tensors: &[(&str, &Tensor<f32>)],
    metadata: &[(&str, &str)],
) -> Result<(), String> {
    let said: Vec<String> =
        metadata.iter().map(|(key, value)| format!("{}:{}", quoted(key), quoted(value))).collect();
    let mut header = format!("{{\"__metadata__\":{{{}}}", said.join(","));
    let mut data = Vec::new();
    for (name, tensor) in tensors {
        let from = data.len();
        data.extend(tensor.values.iter().flat_map(|x| x.to_le_bytes()));
        let (name, shape, to) = (quoted(name), &tensor.shape, data.len());
        header += &format!(
            ",{name}:{{\"dtype\":\"F32\",\"shape\":{shape:?},\"data_offsets\":[{from},{to}]}}"
        );
    }
    header.push('}');
    let padded = header.len().next_multiple_of(8); // so that the data lie aligned
    let mut bytes = (padded as u64).to_le_bytes().to_vec();
    bytes.extend(format!("{header:padded$}").bytes());
    bytes.extend(data);
    let folder = path.parent().unwrap_or(Path::new(""));
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, bytes))
        .map_err(|problem| format!("{}: {problem}", path.display()))
}
