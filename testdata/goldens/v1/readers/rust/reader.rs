//! Reads a golden suite with Rust's standard library alone; SPEC.md beside suite.json says what everything means.
//!
//! rustc --edition 2021 -O reader.rs
//! reader SUITE          draws every random input again and checks the digest of every tensor
//! reader SUITE RESULTS  checks that results have the names, types and extents that the suite asks for
//!
//! Prints a line for each failure, then the counts. Exit code 0: something was checked and nothing failed; 1 otherwise; 2: usage.

mod draw;
mod json;
mod results;
mod safetensors;
mod sha256;

use json::Json;
use results::check_result;
use safetensors::sizes;
use sha256::sha256;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const FIELDS: [&str; 19] = [
    "schema", "tcId", "name", "family", "result", "refuseCode", "flags", "bugClass", "comment",
    "guards", "dtype", "classes", "exact", "twin", "op", "mechanism", "inputs", "expect",
    "samples",
];

#[derive(Default)]
pub struct Counts {
    cases: usize,
    drawn: usize,
    written: usize,
    pub tensors: usize,
    pub refused: usize,
    failures: usize,
}

impl Counts {
    pub fn fails(&mut self, line: String) {
        self.failures += 1;
        println!("{line}");
    }
}

pub type Checked = Result<(), String>;

fn parsed(path: &Path) -> Result<Json, String> {
    let within = |problem: String| format!("{}: {problem}", path.display());
    let text = fs::read_to_string(path).map_err(|problem| within(problem.to_string()))?;
    Json::parse(&text).map_err(within)
}

fn check_case(name: &str, case: &Json, path: &Path, counts: &mut Counts) -> Checked {
    for (field, _) in case.members()? {
        if !FIELDS.contains(&field.as_str()) {
            counts.fails(format!("{name}: has the unknown field '{field}'"));
        }
    }
    let (_, found) = safetensors::read(path)?;
    let (inputs, expect) = (case.get("inputs")?.members()?, case.get("expect")?.members()?);
    let said: Vec<&(String, Json)> = inputs.iter().chain(expect).collect();
    for tensor in found.keys().filter(|tensor| said.iter().all(|(name, _)| name != *tensor)) {
        counts.fails(format!("{name} {tensor}: is in the file, but not in the case"));
    }
    for (tensor, json) in said {
        let (dtype, shape) = (json.get("dtype")?.text()?, sizes(json, "shape")?);
        let of_case = case.get("dtype")?.text()?;
        if let (Some(pieces), gen @ Json::Object(_)) = (json.find("pieces"), json.get("gen")?) {
            counts.drawn += 1; // A recipe stores nothing of it.
            for piece in pieces.list()? {
                let (first, count) = (piece.get("first")?.whole()?, piece.get("count")?.whole()?);
                let drawn = draw::bytes(gen, first as u64, count as usize, dtype, of_case)?;
                if sha256(&drawn) != piece.get("sha256")?.text()? {
                    counts.fails(format!("{name} {tensor}: drawn again from element {first} on it has another digest"));
                }
            }
            continue;
        }
        let (must, digest) = (format!("{dtype} {shape:?}"), json.get("sha256")?.text()?);
        match found.get(tensor) {
            Some(entry) if entry.kind() != must => {
                counts.fails(format!("{name} {tensor}: is {}, must be {must}", entry.kind()))
            }
            Some(entry) if sha256(&entry.bytes) != digest => {
                counts.fails(format!("{name} {tensor}: its bytes have another digest"))
            }
            Some(_) => {}
            None => counts.fails(format!("{name} {tensor}: is missing, must be {must}")),
        }
        match json.get("gen")? {
            Json::Null => counts.written += 1,
            gen => {
                counts.drawn += 1;
                let count = shape.iter().product();
                let drawn = draw::bytes(gen, 0, count, dtype, of_case)?;
                if sha256(&drawn) != digest {
                    counts.fails(format!("{name} {tensor}: drawn again it has another digest"));
                }
            }
        }
    }
    Ok(())
}

/// Every safetensors file below a folder, by its path without the ending.
fn handed_in(root: &Path, folder: &Path, files: &mut BTreeMap<String, PathBuf>) -> Checked {
    let within = |problem: std::io::Error| format!("{}: {problem}", folder.display());
    for entry in fs::read_dir(folder).map_err(within)? {
        let path = entry.map_err(within)?.path();
        if path.is_dir() {
            handed_in(root, &path, files)?;
        } else if path.extension().is_some_and(|ending| ending == "safetensors") {
            let stem = path.strip_prefix(root).unwrap_or(&path).with_extension("");
            files.insert(stem.display().to_string().replace('\\', "/"), path);
        }
    }
    Ok(())
}

fn run(suite: &Path, results: Option<&Path>) -> Result<Counts, String> {
    let index = parsed(&suite.join("suite.json"))?;
    let (mut usual, mut files) =
        ((index.get("id")?.text()?.to_string(), String::new()), BTreeMap::new());
    let stem = |name: &str| -> Result<PathBuf, String> {
        let recipe = index.get("recipes")?.find(name);
        let entry = index.get("cases")?.find(name).or(recipe).ok_or("is no case of the suite")?;
        Ok(suite.join(entry.get("file")?.text()?))
    };
    if let Some(folder) = results {
        handed_in(folder, folder, &mut files)?;
        let listed = folder.join("results.json");
        if listed.exists() {
            usual.1 = parsed(&listed)?.get("class")?.text()?.to_string();
        }
    } else {
        for (name, _) in index.get("cases")?.members()?.iter().chain(index.get("recipes")?.members()?) {
            files.insert(name.clone(), stem(name)?.with_extension("safetensors"));
        }
    }
    let mut counts = Counts { cases: files.len(), ..Counts::default() };
    for (name, path) in &files {
        let case = stem(name).and_then(|stem| parsed(&stem.with_extension("json")));
        let checked = case.and_then(|case| match results {
            Some(_) => check_result(name, &case, path, &usual, &mut counts),
            None => check_case(name, &case, path, &mut counts),
        });
        if let Err(problem) = checked {
            counts.fails(format!("{name}: {problem}"));
        }
    }
    Ok(counts)
}

fn main() -> ExitCode {
    let folders: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let (suite, results) = match folders.as_slice() {
        [suite] => (suite, None),
        [suite, results] => (suite, Some(results.as_path())),
        _ => {
            eprintln!("usage: reader SUITE [RESULTS]");
            return ExitCode::from(2);
        }
    };
    let Counts { cases, drawn, written, tensors, refused, failures } = match run(suite, results) {
        Ok(counts) => counts,
        Err(problem) => {
            eprintln!("{problem}");
            return ExitCode::from(1);
        }
    };
    match results {
        Some(_) => println!("{cases} results, {tensors} tensors, {refused} refused or unsupported, {failures} failures"),
        None => println!("{cases} cases, {drawn} tensors drawn again, {written} written down, {failures} failures"),
    }
    ExitCode::from(u8::from(failures > 0 || cases == 0))
}
