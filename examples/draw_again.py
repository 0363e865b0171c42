"""Draws the random inputs of a suite again and compares their digests:  python3 draw_again.py SUITE  (numpy only)

SPEC.md, section 4, in code: Philox4x32-10, a mapping of its words to numbers, one rounding. No file of tensors is read.
"""
import hashlib, json, pathlib, sys
import numpy as np


def philox(key, counter):  # four words for each counter, as uint64 arrays below 2^32
    c, k, low = [np.asarray(word, np.uint64) for word in counter], list(key), np.uint64(0xFFFFFFFF)
    for _ in range(10):
        p0, p1 = np.uint64(0xD2511F53) * c[0], np.uint64(0xCD9E8D57) * c[2]
        c = [p1 >> np.uint64(32) ^ c[1] ^ np.uint64(k[0]), p1 & low, p0 >> np.uint64(32) ^ c[3] ^ np.uint64(k[1]), p0 & low]
        k = [(k[0] + 0x9E3779B9) % 2**32, (k[1] + 0xBB67AE85) % 2**32]
    return c


def numbers(gen, count):  # before they are rounded; fp64 holds them exactly
    p = np.arange(count)
    words = philox([int(word, 16) for word in gen["key"]], [p, p * 0, p * 0 + int(gen["counter"], 16), p * 0])
    bell = sum((w & np.uint64(0xFFFF)) + (w >> np.uint64(16)) for w in words).astype(np.int64) - 2**18
    top = lambda word, bits: (words[word] >> np.uint64(32 - bits)).astype(np.int64)
    unscaled = {
        "bell": lambda: bell,
        "sparse": lambda: np.where(top(3, 3) == 0, bell, 0),
        "spike": lambda: np.where(top(3, 6) == 0, 16 * bell, bell),
        "ties": lambda: (top(0, 2) - 1.5) * 65536,
        "anti": lambda: np.where(p % 2 == 0, abs(bell), -abs(bell)),
        "wide": lambda: np.ldexp(bell.astype(float), (top(2, 4) - 8).astype(int)),
        "exact": lambda: (top(0, 3) - 4) * 65536.0,
    }[gen["dist"]]()
    return np.ldexp(np.asarray(unscaled, float), gen["shift"])


def rounded(x, dtype):
    if dtype != "BF16":
        return x.astype({"F64": "<f8", "F32": "<f4", "F16": "<f2"}[dtype]).astype(float)
    ulp = np.exp2(np.frexp(x)[1] - 8.0)  # eight bits of significand, in the range of normal numbers
    return np.where(x == 0, x, np.rint(x / ulp) * ulp)


def stored(x, dtype):
    if dtype == "BF16":
        return (x.astype("<f4").view("<u4") >> 16).astype("<u2").tobytes()
    return x.astype({"F64": "<f8", "F32": "<f4", "F16": "<f2"}[dtype]).tobytes()


if len(sys.argv) != 2:
    sys.exit("usage: python3 draw_again.py SUITE, for instance testdata/goldens/v1")
suite = pathlib.Path(sys.argv[1])
if not (suite / "SHA256SUMS").exists():
    sys.exit(f"{suite} is not a golden suite (an export does not say how its inputs were drawn): name testdata/goldens/v1")
same, different = 0, []
for entry in json.loads((suite / "suite.json").read_text())["cases"].values():
    case = json.loads((suite / (entry["file"] + ".json")).read_text())
    for name, tensor in case["inputs"].items():
        if tensor["gen"]:
            x = rounded(numbers(tensor["gen"], int(np.prod(tensor["shape"]))), case["dtype"])
            if hashlib.sha256(stored(x, tensor["dtype"])).hexdigest() == tensor["sha256"]:
                same += 1
            else:
                different.append(case["name"] + " " + name)
print(f"{same} tensors have the digests that the suite names, {len(different)} have not", *different[:5], sep="\n")
sys.exit(1 if different else 0)
