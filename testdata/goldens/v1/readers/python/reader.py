"""Reads a golden suite with Python's standard library alone; SPEC.md beside suite.json says what everything means.

python3 reader.py SUITE          draws every random input again and checks the digest of every tensor
python3 reader.py SUITE RESULTS  checks that results have the names, types and extents that the suite asks for

Prints a line for each failure, then the counts. Exit code 0: something was checked and nothing failed; 1 otherwise; 2: usage.
"""
import hashlib, json, math, pathlib, struct, sys

WIDTH = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I32": 4, "BOOL": 1}
ROUNDING = {"F64": (53, -1022), "F32": (24, -126), "F16": (11, -14), "BF16": (8, -126)}  # bits, smallest exponent
STORAGE = {"f64": "F64", "f32-flash": "F32", "bf16-flash": "BF16", "fp16-flash": "F16"}
FIELDS = set(
    "schema tcId name family result refuseCode flags bugClass comment guards dtype classes exact twin op mechanism inputs expect samples".split()
)


def words(k0, k1, p, case):  # Philox4x32-10
    c0, c1, c2, c3, low = p % 2**32, p >> 32, case, 0, 0xFFFFFFFF
    for _ in range(10):
        a, b = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = b >> 32 ^ c1 ^ k0, b & low, a >> 32 ^ c3 ^ k1, a & low
        k0, k1 = k0 + 0x9E3779B9 & low, k1 + 0xBB67AE85 & low
    return c0, c1, c2, c3


def number(dist, p, w):  # before shift and rounding; exact
    bell = sum((x & 0xFFFF) + (x >> 16) for x in w) - 2**18
    if dist == "ties":
        return ((w[0] >> 30) - 1.5) * 65536
    if dist == "wide":
        return math.ldexp(bell, (w[2] >> 28) - 8)
    return {
        "bell": bell,
        "sparse": bell if w[3] >> 29 == 0 else 0,
        "spike": 16 * bell if w[3] >> 26 == 0 else bell,
        "anti": abs(bell) if p % 2 == 0 else -abs(bell),
        "exact": ((w[0] >> 29) - 4) * 65536,
    }[dist]


def rounded(x, dtype):  # to nearest, ties to even, as round() does
    bits, least = ROUNDING[dtype]
    ulp = math.ldexp(1.0, max(math.frexp(x)[1] - 1, least) - bits + 1)
    return round(x / ulp) * ulp


def stored(x, dtype):
    return struct.pack("<f", x)[2:] if dtype == "BF16" else struct.pack({"F64": "<d", "F32": "<f", "F16": "<e"}[dtype], x)


def drawn(tensor, dtype, first=0, count=None):  # the bytes of count elements, from the gen alone; dtype is that of the case
    gen = tensor["gen"]
    if gen["alg"] != "philox4x32-10":
        raise ValueError(f"unknown generator '{gen['alg']}'")
    k0, k1, case = (int(word, 16) for word in [*gen["key"], gen["counter"]])
    end = math.prod(tensor["shape"]) if count is None else first + count
    numbers = (number(gen["dist"], p, words(k0, k1, p, case)) for p in range(first, end))
    return b"".join(stored(rounded(math.ldexp(x, gen["shift"]), dtype), tensor["dtype"]) for x in numbers)


def tensors(path):  # metadata, and of each tensor type, extents and bytes
    raw = path.read_bytes()
    data = 8 + int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8:data])
    metadata, found = header.pop("__metadata__", {}), {}
    for name, entry in header.items():
        begin, end = (data + offset for offset in entry["data_offsets"])
        if not data <= begin <= end <= len(raw) or end - begin != WIDTH[entry["dtype"]] * math.prod(entry["shape"]):
            raise ValueError(f"{name} does not lie where its header says")
        found[name] = (f"{entry['dtype']} {entry['shape']}", raw[begin:end])
    return metadata, found


def check_case(case, path, counts):  # gives a line for each failure
    yield from (f": has the unknown field '{field}'" for field in case if field not in FIELDS)
    _, found = tensors(path)
    said = {**case["inputs"], **case["expect"]}
    yield from (f" {name}: is in the file, but not in the case" for name in found if name not in said)
    for name, tensor in said.items():
        counts["drawn" if tensor["gen"] else "written"] += 1
        if tensor["gen"] and "pieces" in tensor:  # a recipe stores nothing of it
            for piece in tensor["pieces"]:
                if hashlib.sha256(drawn(tensor, case["dtype"], piece["first"], piece["count"])).hexdigest() != piece["sha256"]:
                    yield f" {name}: drawn again from element {piece['first']} on it has another digest"
            continue
        is_, must = found.get(name, ("missing", b"")), f"{tensor['dtype']} {tensor['shape']}"
        if is_[0] != must:
            yield f" {name}: is {is_[0]}, must be {must}"
        elif hashlib.sha256(is_[1]).hexdigest() != tensor["sha256"]:
            yield f" {name}: its bytes have another digest"
        if tensor["gen"] and hashlib.sha256(drawn(tensor, case["dtype"])).hexdigest() != tensor["sha256"]:
            yield f" {name}: drawn again it has another digest"


def whole(case, name):  # the extents of all of a result of a recipe
    q, v = case["inputs"]["q"]["shape"], case["inputs"]["v"]["shape"]
    return {"out": q[:3] + v[3:], "lse": q[:3]}.get(name) or case["inputs"][name[1:]]["shape"]


def check_result(case, path, counts, suite, usual):
    metadata, found = tensors(path)
    counts["tensors"] += len(found)
    if {"refused", "unsupported"} & set(metadata) and not found:
        counts["refused"] += 1
        return
    if case["result"] == "refuse":
        yield ": must be refused, but has results"
        return
    for key, must in (("suite", suite), ("tcId", str(case["tcId"]))):
        if metadata.get(key, must) != must:
            yield f": its {key} is '{metadata[key]}', must be '{must}'"
    kind, expect = metadata.get("class", usual), case["expect"]
    if kind not in case["classes"]:
        yield f": its class '{kind}' is none of {', '.join(case['classes'])}"
        return
    gradients = {d + name for name in case["inputs"] for d in ("d", "d_")}
    yield from (f" {name}: is no result of this case" for name in found if name not in {"out", "lse", *expect, *gradients})
    for name, tensor in expect.items():
        if name not in found:
            if name != "lse" and not (name in gradients and gradients.isdisjoint(found)):  # these may be left out
                yield f" {name}: is missing"
            continue
        real = tensor["dtype"] == "F64"
        types = [STORAGE[kind]] if real else ["BOOL", "I32"]
        if name == "lse":
            types = {"F64": ["F64"]}.get(types[0], ["F32", "F64"])
        extents = [tensor["shape"]] + ([whole(case, name)] if "samples" in case else [])
        if found[name][0] not in [f"{dtype} {shape}" for dtype in types for shape in extents]:
            yield f" {name}: is {found[name][0]}, must be {' or '.join(types)} {tensor['shape']}"


def main(suite, results=None):
    index = json.loads((suite / "suite.json").read_text())
    cases = {**index["cases"], **index["recipes"]}
    listed = results / "results.json" if results else None
    usual = json.loads(listed.read_text())["class"] if listed and listed.exists() else ""
    counts = dict.fromkeys(["cases", "drawn", "written", "tensors", "refused", "failures"], 0)
    if results:
        files = {f.relative_to(results).with_suffix("").as_posix(): f for f in sorted(results.rglob("*.safetensors"))}
    else:
        files = {name: suite / (entry["file"] + ".safetensors") for name, entry in cases.items()}
    for name, path in files.items():
        counts["cases"] += 1
        try:
            if name not in cases:
                raise ValueError("is no case of the suite")
            case = json.loads((suite / (cases[name]["file"] + ".json")).read_text())
            lines = check_result(case, path, counts, index["id"], usual) if results else check_case(case, path, counts)
            for line in lines:
                counts["failures"] += 1
                print(name + line)
        except (ValueError, KeyError, TypeError, AttributeError, OSError, OverflowError) as broken:
            counts["failures"] += 1
            print(f"{name}: {broken if isinstance(broken, ValueError) else repr(broken)}")
    if results:
        print("{cases} results, {tensors} tensors, {refused} refused or unsupported, {failures} failures".format(**counts))
    else:
        print("{cases} cases, {drawn} tensors drawn again, {written} written down, {failures} failures".format(**counts))
    return 1 if counts["failures"] or not counts["cases"] else 0


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        print("usage: python3 reader.py SUITE [RESULTS]", file=sys.stderr)
        sys.exit(2)
    sys.exit(main(*map(pathlib.Path, sys.argv[1:])))
