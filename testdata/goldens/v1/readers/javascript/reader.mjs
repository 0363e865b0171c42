// Reads a golden suite with Node's standard library alone; SPEC.md beside suite.json says what everything means.
//
// node reader.mjs SUITE          draws every random input again and checks the digest of every tensor
// node reader.mjs SUITE RESULTS  checks that results have the names, types and extents that the suite asks for
//
// Prints a line for each failure, then the counts. Exit code 0: something was checked and nothing failed; 1 otherwise; 2: usage.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const WIDTH = { F64: 8, F32: 4, F16: 2, BF16: 2, I32: 4, BOOL: 1 };
const ROUNDING = { F64: [53, -1022], F32: [24, -126], F16: [11, -14], BF16: [8, -126] }; // bits, smallest exponent
const STORAGE = { f64: "F64", "f32-flash": "F32", "bf16-flash": "BF16", "fp16-flash": "F16" };
const FIELDS =
  "schema tcId name family result refuseCode flags bugClass comment guards dtype classes exact twin op mechanism inputs expect samples".split(" ");

const json = (bytes) => JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const text = (dtype, shape) => `${dtype} [${shape.join(", ")}]`;
const has = (object, name) => Object.hasOwn(object, name);
const size = (shape) => shape.reduce((product, n) => product * n, 1);

function product(a, b) { // of two words: the upper and the lower word
  const wide = BigInt(a) * BigInt(b);
  return [Number(wide >> 32n), Number(wide & 0xffffffffn)];
}

function words(k0, k1, p, case_) { // Philox4x32-10
  let [c0, c1, c2, c3] = [p >>> 0, Math.floor(p / 2 ** 32), case_, 0];
  for (let round = 0; round < 10; round++) {
    const [[aHigh, aLow], [bHigh, bLow]] = [product(0xd2511f53, c0), product(0xcd9e8d57, c2)];
    [c0, c1, c2, c3] = [(bHigh ^ c1 ^ k0) >>> 0, bLow, (aHigh ^ c3 ^ k1) >>> 0, aLow];
    [k0, k1] = [(k0 + 0x9e3779b9) >>> 0, (k1 + 0xbb67ae85) >>> 0];
  }
  return [c0, c1, c2, c3];
}

function number(dist, p, w) { // before shift and rounding; exact
  const bell = w.reduce((sum, x) => sum + (x & 0xffff) + (x >>> 16), -(2 ** 18));
  switch (dist) {
    case "bell": return bell;
    case "sparse": return w[3] >>> 29 === 0 ? bell : 0;
    case "spike": return w[3] >>> 26 === 0 ? 16 * bell : bell;
    case "ties": return ((w[0] >>> 30) - 1.5) * 65536;
    case "anti": return p % 2 === 0 ? Math.abs(bell) : 0 - Math.abs(bell);
    case "wide": return bell * 2 ** ((w[2] >>> 28) - 8);
    case "exact": return ((w[0] >>> 29) - 4) * 65536;
    default: throw new Error(`unknown distribution '${dist}'`);
  }
}

function exponent(x, least) {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  return Math.max(((view.getUint32(0) >>> 20) & 2047) - 1023, least);
}

function rounded(x, dtype) { // to nearest, ties to even
  const [bits, least] = ROUNDING[dtype];
  const ulp = 2 ** (exponent(x, least) - bits + 1);
  const [floor, rest] = [Math.floor(x / ulp), x / ulp - Math.floor(x / ulp)];
  return (floor + (rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? 1 : 0)) * ulp;
}

function store(view, at, x, dtype) { // x is one of the type's numbers
  if (dtype === "F64") return view.setFloat64(at, x, true);
  if (dtype === "F32") return view.setFloat32(at, x, true);
  const [bits, least] = ROUNDING[dtype];
  const [e, fraction] = [exponent(x, least), 2 ** (bits - 1)]; // the leading bit of a normal number adds 1 to the exponent
  view.setUint16(at, (x < 0 ? 0x8000 : 0) + (e - least) * fraction + (Math.abs(x) / 2 ** e) * fraction, true);
}

function drawn({ gen, shape, dtype }, ofCase, first = 0, count = size(shape)) { // the bytes of count elements, from the gen alone
  if (gen.alg !== "philox4x32-10") throw new Error(`unknown generator '${gen.alg}'`);
  const [k0, k1, case_] = [...gen.key, gen.counter].map(Number);
  const view = new DataView(new ArrayBuffer(count * WIDTH[dtype]));
  for (let p = 0; p < count; p++) {
    const x = number(gen.dist, first + p, words(k0, k1, first + p, case_)) * 2 ** gen.shift;
    store(view, p * WIDTH[dtype], rounded(x, ofCase), dtype);
  }
  return view;
}

function tensors(path) { // metadata, and of each tensor type, extents and bytes
  const raw = readFileSync(path);
  if (raw.length < 8 || raw.readBigUInt64LE() > BigInt(raw.length - 8)) throw new Error("ends before its header does");
  const data = 8 + Number(raw.readBigUInt64LE());
  const { __metadata__: metadata = {}, ...header } = json(raw.subarray(8, data));
  const found = new Map();
  for (const [name, { dtype, shape, data_offsets: [begin, end] }] of Object.entries(header)) {
    const fits = 0 <= begin && begin <= end && data + end <= raw.length && end - begin === WIDTH[dtype] * size(shape);
    if (!fits) throw new Error(`${name} does not lie where its header says`);
    found.set(name, [text(dtype, shape), raw.subarray(data + begin, data + end)]);
  }
  return [metadata, found];
}

function* checkCase(case_, path, counts) { // gives a line for each failure
  for (const field of Object.keys(case_)) if (!FIELDS.includes(field)) yield `: has the unknown field '${field}'`;
  const [, found] = tensors(path);
  const said = { ...case_.inputs, ...case_.expect };
  for (const name of found.keys()) if (!has(said, name)) yield ` ${name}: is in the file, but not in the case`;
  for (const [name, tensor] of Object.entries(said)) {
    counts[tensor.gen ? "drawn" : "written"]++;
    if (tensor.gen && tensor.pieces) { // a recipe stores nothing of it
      for (const { first, count, sha256: digest } of tensor.pieces)
        if (sha256(drawn(tensor, case_.dtype, first, count)) !== digest) yield ` ${name}: drawn again from element ${first} on it has another digest`;
      continue;
    }
    const [kind, bytes] = found.get(name) ?? ["missing"];
    const must = text(tensor.dtype, tensor.shape);
    if (kind !== must) yield ` ${name}: is ${kind}, must be ${must}`;
    else if (sha256(bytes) !== tensor.sha256) yield ` ${name}: its bytes have another digest`;
    if (tensor.gen && sha256(drawn(tensor, case_.dtype)) !== tensor.sha256) yield ` ${name}: drawn again it has another digest`;
  }
}

function whole({ inputs }, name) { // the extents of all of a result of a recipe
  const tokens = inputs.q.shape.slice(0, 3);
  return name === "lse" ? tokens : name === "out" ? [...tokens, inputs.v.shape[3]] : inputs[name.slice(1)].shape;
}

function* checkResult(case_, path, counts, suite, usual) {
  const [metadata, found] = tensors(path);
  counts.tensors += found.size;
  if ((has(metadata, "refused") || has(metadata, "unsupported")) && found.size === 0) return counts.refused++;
  if (case_.result === "refuse") return yield ": must be refused, but has results";
  for (const [key, must] of [["suite", suite], ["tcId", String(case_.tcId)]]) {
    if ((metadata[key] ?? must) !== must) yield `: its ${key} is '${metadata[key]}', must be '${must}'`;
  }
  const kind = metadata.class ?? usual;
  if (!case_.classes.includes(kind)) return yield `: its class '${kind}' is none of ${case_.classes.join(", ")}`;
  const gradients = Object.keys(case_.inputs).flatMap((name) => ["d" + name, "d_" + name]);
  const known = ["out", "lse", ...Object.keys(case_.expect), ...gradients];
  for (const name of found.keys()) if (!known.includes(name)) yield ` ${name}: is no result of this case`;
  const without = !gradients.some((name) => found.has(name)); // all gradients together may be left out, and so may lse
  for (const [name, { dtype, shape }] of Object.entries(case_.expect)) {
    if (!found.has(name)) {
      if (name !== "lse" && !(without && gradients.includes(name))) yield ` ${name}: is missing`;
      continue;
    }
    let types = dtype === "F64" ? [STORAGE[kind]] : ["BOOL", "I32"];
    if (name === "lse" && kind !== "f64") types = ["F32", "F64"];
    const [is] = found.get(name);
    const extents = case_.samples ? [shape, whole(case_, name)] : [shape];
    if (!types.some((type) => extents.some((each) => text(type, each) === is))) yield ` ${name}: is ${is}, must be ${text(types.join(" or "), shape)}`;
  }
}

function main(suite, results) {
  const index = json(readFileSync(join(suite, "suite.json")));
  const all = { ...index.cases, ...index.recipes };
  const listed = results ? join(results, "results.json") : "";
  const usual = existsSync(listed) ? json(readFileSync(listed)).class : "";
  const counts = { cases: 0, drawn: 0, written: 0, tensors: 0, refused: 0, failures: 0 };
  const ending = ".safetensors";
  const handedIn = () => readdirSync(results, { recursive: true }).map((file) => file.replaceAll("\\", "/"))
    .filter((file) => file.endsWith(ending)).sort().map((file) => [file.slice(0, -ending.length), join(results, file)]);
  const own = () => Object.entries(all).map(([name, { file }]) => [name, join(suite, file + ending)]);
  for (const [name, path] of results ? handedIn() : own()) {
    counts.cases++;
    try {
      if (!has(all, name)) throw new Error("is no case of the suite");
      const case_ = json(readFileSync(join(suite, all[name].file + ".json")));
      const lines = results ? checkResult(case_, path, counts, index.id, usual) : checkCase(case_, path, counts);
      for (const line of lines) {
        counts.failures++;
        console.log(name + line);
      }
    } catch (broken) {
      counts.failures++;
      console.log(`${name}: ${broken.message}`);
    }
  }
  const { cases, drawn: again, written, tensors: given, refused, failures } = counts;
  console.log(results ? `${cases} results, ${given} tensors, ${refused} refused or unsupported, ${failures} failures`
    : `${cases} cases, ${again} tensors drawn again, ${written} written down, ${failures} failures`);
  return failures > 0 || cases === 0 ? 1 : 0;
}

const folders = process.argv.slice(2);
if (folders.length !== 1 && folders.length !== 2) {
  console.error("usage: node reader.mjs SUITE [RESULTS]");
  process.exit(2);
}
process.exitCode = main(...folders);
