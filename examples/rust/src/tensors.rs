//! The tensors of a case as numbers, and results as a file.

use crate::safetensors::{self, Entry};
use std::collections::BTreeMap;
use std::fs;
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
    entries: BTreeMap<String, Entry>,
}

impl TensorFile {
    pub fn read(path: &Path) -> Result<TensorFile, String> {
        let (_, entries) = safetensors::read(path)?;
        Ok(TensorFile { path: path.display().to_string(), entries })
    }

    /// Numbers in f32, rounded where the file has F64.
    pub fn floats(&self, name: &str) -> Result<Tensor<f32>, String> {
        let entry = self.entry(name)?;
        let values = match entry.dtype.as_str() {
            "F64" => numbers(&entry.bytes, |bytes| f64::from_le_bytes(bytes) as f32),
            "F32" => numbers(&entry.bytes, f32::from_le_bytes),
            "F16" => numbers(&entry.bytes, |bytes| binary16(u16::from_le_bytes(bytes))),
            "BF16" => numbers(&entry.bytes, |[low, high]| f32::from_le_bytes([0, 0, low, high])),
            _ => return Err(self.not(name, entry, "a float")),
        };
        Ok(Tensor::new(&entry.shape, values))
    }

    /// A list of whole numbers.
    pub fn integers(&self, name: &str) -> Result<Vec<i64>, String> {
        let entry = self.entry(name)?;
        if entry.dtype != "I32" || entry.shape.len() != 1 {
            return Err(self.not(name, entry, "a list of I32"));
        }
        Ok(numbers(&entry.bytes, |bytes| i64::from(i32::from_le_bytes(bytes))))
    }

    pub fn choices(&self, name: &str) -> Result<Tensor<bool>, String> {
        let entry = self.entry(name)?;
        if entry.dtype != "BOOL" || entry.bytes.iter().any(|&byte| byte > 1) {
            return Err(self.not(name, entry, "BOOL with bytes 0 and 1"));
        }
        Ok(Tensor::new(&entry.shape, entry.bytes.iter().map(|&byte| byte == 1).collect()))
    }

    fn entry(&self, name: &str) -> Result<&Entry, String> {
        let entry = self.entries.get(name);
        entry.ok_or_else(|| format!("{} has no tensor '{name}'", self.path))
    }

    fn not(&self, name: &str, found: &Entry, wanted: &str) -> String {
        format!("{}: '{name}' is {}, but must be {wanted}", self.path, found.kind())
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

/// The text as a JSON string, quotes included.
fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\0'..='\x1f' => quoted.push_str(&format!("\\u{:04x}", c as u32)),
            _ => quoted.push(c),
        }
    }
    quoted + "\""
}
