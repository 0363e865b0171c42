//! Whether results have the names, types and extents that a case asks for (SPEC.md, section 9).

use crate::json::Json;
use crate::safetensors::{self, sizes, Entry};
use crate::{Checked, Counts};
use std::collections::BTreeMap;
use std::path::Path;

/// The type that numbers are handed in in.
fn storage(class: &str) -> &'static str {
    match class {
        "f64" => "F64",
        "bf16-flash" => "BF16",
        "fp16-flash" => "F16",
        _ => "F32",
    }
}

/// The extents of all of a result of a recipe.
fn whole(case: &Json, result: &str) -> Result<Vec<usize>, String> {
    let of = |input: &str| sizes(case.get("inputs")?.get(input)?, "shape");
    let (mut tokens, v) = (of("q")?, of("v")?);
    tokens.truncate(3);
    match result {
        "lse" => Ok(tokens),
        "out" => Ok(tokens.into_iter().chain(v.last().copied()).collect()),
        gradient => of(&gradient[1..]),
    }
}

/// Checks one file; `usual` is the id of the suite and the class of files that name none.
pub fn check_result(
    name: &str,
    case: &Json,
    path: &Path,
    usual: &(String, String),
    counts: &mut Counts,
) -> Checked {
    let (metadata, found) = safetensors::read(path)?;
    counts.tensors += found.len();
    let without = ["refused", "unsupported"].iter().any(|key| metadata.contains_key(*key));
    if without && found.is_empty() {
        counts.refused += 1;
        return Ok(());
    }
    if case.get("result")?.text()? == "refuse" {
        return Err("must be refused, but has results".to_string());
    }
    let (suite, number) = (&usual.0, case.get("tcId")?.whole()?.to_string());
    for (key, must) in [("suite", suite), ("tcId", &number)] {
        if let Some(is) = metadata.get(key).filter(|is| *is != must) {
            counts.fails(format!("{name}: its {key} is '{is}', must be '{must}'"));
        }
    }
    let class = metadata.get("class").unwrap_or(&usual.1);
    let classes: Result<Vec<&str>, String> =
        case.get("classes")?.list()?.iter().map(Json::text).collect();
    let classes = classes?;
    if !classes.contains(&class.as_str()) {
        return Err(format!("its class '{class}' is none of {}", classes.join(", ")));
    }
    check_tensors(name, case, class, &found, counts)
}

fn check_tensors(
    name: &str,
    case: &Json,
    class: &str,
    found: &BTreeMap<String, Entry>,
    counts: &mut Counts,
) -> Checked {
    let (inputs, expect) = (case.get("inputs")?.members()?, case.get("expect")?);
    let is_gradient = |tensor: &str| {
        let of = tensor.strip_prefix('d').unwrap_or_default();
        inputs.iter().any(|(input, _)| of == input || of.strip_prefix('_') == Some(input))
    };
    for tensor in found.keys() {
        let known = ["out", "lse"].contains(&tensor.as_str()) || is_gradient(tensor);
        if !known && expect.find(tensor).is_none() {
            counts.fails(format!("{name} {tensor}: is no result of this case"));
        }
    }
    // All gradients together may be left out, and so may lse.
    let without = !found.keys().any(|tensor| is_gradient(tensor));
    for (tensor, json) in expect.members()? {
        let Some(entry) = found.get(tensor) else {
            if tensor != "lse" && !(without && is_gradient(tensor)) {
                counts.fails(format!("{name} {tensor}: is missing"));
            }
            continue;
        };
        let number = json.get("dtype")?.text()? == "F64";
        let types = match tensor.as_str() {
            "lse" if class != "f64" => vec!["F32", "F64"],
            _ if number => vec![storage(class)],
            _ => vec!["BOOL", "I32"],
        };
        let shape = sizes(json, "shape")?;
        let all = case.find("samples").map(|_| whole(case, tensor)).transpose()?;
        let fits = entry.shape == shape || Some(&entry.shape) == all.as_ref();
        if !types.contains(&entry.dtype.as_str()) || !fits {
            let types = types.join(" or ");
            let is = entry.kind();
            counts.fails(format!("{name} {tensor}: is {is}, must be {types} {shape:?}"));
        }
    }
    Ok(())
}
