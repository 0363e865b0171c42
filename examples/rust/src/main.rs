//! Runs an attention kernel over a golden suite and writes what it gave, for `assay verify` to judge.

mod attention;
#[path = "../../../testdata/goldens/v1/readers/rust/json.rs"]
mod json;
#[path = "../../../testdata/goldens/v1/readers/rust/safetensors.rs"]
mod safetensors;
mod suite;
mod tensors;
mod values;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use suite::Suite;

fn run(suite: &Path, results: &Path) -> Result<(usize, usize), String> {
    let suite = Suite::open(suite)?;
    let (mut done, mut skipped) = (0, 0);
    for case in suite.cases() {
        let case = case?;
        let Some(problem) = case.problem()? else {
            skipped += 1;
            continue;
        };
        let (out, lse) = attention::forward(&problem); // your kernel here
        let metadata = [
            ("suite", suite.id()),
            ("tcId", &case.tc_id.to_string()),
            ("class", suite::CLASS),
            ("impl", "rust-example"),
        ];
        let file = results.join(format!("{}.safetensors", case.name));
        tensors::write(&file, &[("out", &out), ("lse", &lse)], &metadata)?;
        done += 1;
    }
    Ok((done, skipped))
}

fn main() -> ExitCode {
    let folders: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [suite, results] = folders.as_slice() else {
        eprintln!("usage: cargo run --release -- SUITE RESULTS");
        return ExitCode::from(2);
    };
    match run(suite, results) {
        Ok((done, skipped)) => println!("{done} cases run, {skipped} skipped"),
        Err(problem) => {
            eprintln!("{problem}");
            return ExitCode::from(3);
        }
    }
    ExitCode::SUCCESS
}
