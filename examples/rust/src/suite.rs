//! The golden suite on disk (SPEC.md, sections 1, 3 and 5): which cases there are and what they ask.

use crate::attention::Problem;
use crate::json::Json;
use crate::tensors::TensorFile;
use std::fs;
use std::path::{Path, PathBuf};

/// The class of precision that this program computes in.
pub const CLASS: &str = "f32-flash";

/// Those of a case, and those of a case that was exported.
const FIELDS: [&str; 22] = [
    "schema", "tcId", "name", "family", "result", "refuseCode", "flags", "bugClass", "comment",
    "guards", "dtype", "classes", "exact", "twin", "op", "mechanism", "inputs", "expect", "suite",
    "layout", "wanted", "inputs_sha256",
];
/// Inputs that the kernel reads, and the cotangents of a backward pass that it has not.
const INPUTS: [&str; 10] =
    ["q", "k", "v", "bias", "mask", "q_lens", "k_lens", "offset", "d_out", "d_lse"];

pub struct Suite {
    folder: PathBuf,
    id: String,
    /// Name and path of each case.
    listed: Vec<(String, String)>,
}

pub struct Case {
    /// `<family>/<case>`
    pub name: String,
    pub tc_id: i64,
    document: Json,
    path: PathBuf,
}

impl Suite {
    /// The folder of the suite itself, or one that `assay export` wrote.
    pub fn open(folder: &Path) -> Result<Suite, String> {
        let exported = folder.join("prompts.json");
        if exported.exists() {
            return within(&exported, Suite::exported(folder, &read(&exported)?));
        }
        let path = folder.join("suite.json");
        within(&path, Suite::whole(folder, &read(&path)?))
    }

    fn exported(folder: &Path, index: &Json) -> Result<Suite, String> {
        let layout = index.get("layout")?.text()?;
        if layout != "bhsd" {
            return Err(format!("the axes lie as {layout}: this kernel wants an export in bhsd"));
        }
        let id = index.get("suite")?.text()?;
        let names = index.get("cases")?.list()?.iter().map(Json::text);
        let files = names.map(|name| name.map(|name| (name, name)));
        Suite::of(folder, id, files.collect::<Result<_, _>>()?)
    }

    fn whole(folder: &Path, index: &Json) -> Result<Suite, String> {
        let files = index.get("cases")?.members()?.iter();
        let files = files.map(|(name, entry)| Ok((name.as_str(), entry.get("file")?.text()?)));
        Suite::of(folder, index.get("id")?.text()?, files.collect::<Result<_, String>>()?)
    }

    fn of(folder: &Path, id: &str, files: Vec<(&str, &str)>) -> Result<Suite, String> {
        // A name becomes a path below the results, and must stay there.
        let fits = |name: &str| name.split_once('/').is_some_and(|(f, c)| plain(f) && plain(c));
        if let Some((name, _)) = files.iter().find(|(name, _)| !fits(name)) {
            return Err(format!("'{name}' is no name of a case, such as basic/plain"));
        }
        let listed = files.iter().map(|(name, file)| (name.to_string(), file.to_string()));
        Ok(Suite { folder: folder.to_path_buf(), id: id.to_string(), listed: listed.collect() })
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    pub fn cases(&self) -> impl Iterator<Item = Result<Case, String>> + '_ {
        self.listed.iter().map(|(name, file)| {
            let path = self.folder.join(format!("{file}.json"));
            let document = read(&path)?;
            within(&path.clone(), Case::of(name, document, path))
        })
    }
}

fn plain(word: &str) -> bool {
    let allowed = |c| matches!(c, b'a'..=b'z' | b'0'..=b'9' | b'-');
    !word.is_empty() && word.bytes().all(allowed)
}

impl Case {
    fn of(name: &str, document: Json, path: PathBuf) -> Result<Case, String> {
        let mut fields = document.members()?.iter();
        if let Some((key, _)) = fields.find(|(key, _)| !FIELDS.contains(&key.as_str())) {
            return Err(format!("has the unknown field '{key}'"));
        }
        let own = document.get("name")?.text()?;
        if own != name {
            return Err(format!("is called '{own}', but listed as '{name}'"));
        }
        Ok(Case { name: name.to_string(), tc_id: document.get("tcId")?.whole()?, document, path })
    }

    /// What is asked, or nothing if the kernel cannot do it.
    pub fn problem(&self) -> Result<Option<Problem>, String> {
        if !within(&self.path, self.supported())? {
            return Ok(None);
        }
        let tensors = self.path.with_extension("safetensors");
        let inputs = TensorFile::read(&tensors)?;
        let problem = within(&self.path, self.read_problem(&inputs))?;
        within(&tensors, problem.check())?;
        Ok(Some(problem))
    }

    fn supported(&self) -> Result<bool, String> {
        let op = self.document.get("op")?;
        let classes = self.document.get("classes")?.list()?;
        Ok(self.document.get("result")?.text()? == "valid"
            && classes.iter().any(|class| class.text() == Ok(CLASS))
            && matches!(op.get("kind")?.text()?, "dense" | "sliding-window")
            && op.find("rope").map_or(Ok("NONE"), Json::text)? == "NONE"
            && op.find("alibi").map_or(Ok("NONE"), Json::text)? == "NONE"
            && op.find("dropoutRate").map_or(Ok(0.0), Json::real)? == 0.0
            && self
                .document
                .get("inputs")?
                .members()?
                .iter()
                .all(|(input, _)| INPUTS.contains(&input.as_str())))
    }

    fn read_problem(&self, inputs: &TensorFile) -> Result<Problem, String> {
        let op = self.document.get("op")?;
        let listed = self.document.get("inputs")?;
        let given = |name| listed.find(name).is_some();
        let lengths = |name, all: &str| -> Result<Vec<i64>, String> {
            if given(name) {
                return inputs.integers(name);
            }
            let batch = op.get("offset")?.list()?.len();
            Ok(vec![op.get(all)?.whole()?; batch])
        };
        let window = match op.find("window") {
            Some(sides) => Some((sides.get("left")?.whole()?, sides.get("right")?.whole()?)),
            None => None,
        };
        Ok(Problem {
            q: inputs.floats("q")?,
            k: inputs.floats("k")?,
            v: inputs.floats("v")?,
            bias: given("bias").then(|| inputs.floats("bias")).transpose()?,
            mask: given("mask").then(|| inputs.choices("mask")).transpose()?,
            q_lens: lengths("q_lens", "Sq")?,
            k_lens: lengths("k_lens", "Skv")?,
            offset: op.get("offset")?.list()?.iter().map(Json::whole).collect::<Result<_, _>>()?,
            window,
            causal: op.get("causal")?.truth()?,
            scale: op.get("scale")?.real()? as f32,
            softcap: op.get("softcap")?.real()? as f32,
        })
    }
}

fn read(path: &Path) -> Result<Json, String> {
    let text = within(path, fs::read_to_string(path).map_err(|problem| problem.to_string()))?;
    within(path, Json::parse(&text))
}

/// The sentence begins with the file that it is about.
fn within<T>(path: &Path, result: Result<T, String>) -> Result<T, String> {
    result.map_err(|problem| format!("{}: {problem}", path.display()))
}
