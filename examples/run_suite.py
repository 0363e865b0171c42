"""Runs a kernel over an exported suite, for 'assay verify':  python3 run_suite.py SUITE RESULTS  (numpy only)"""
import json, pathlib, sys
import numpy as np
from safetensors_io import read, write

np.seterr(all="ignore")  # some cases hold NaN and infinities on purpose
SUPPORTED = {"q", "k", "v", "bias", "mask", "q_lens", "k_lens", "offset", "d_out", "d_lse"}

def attention(op, t):  # put your kernel here: the case's operation and its tensors -> out and lse
    q, k, v = (t[name].astype(np.float32) for name in "qkv")
    (B, H, n, _), m, group = q.shape, k.shape[2], q.shape[1] // k.shape[1]
    scale, cap = float.fromhex(op["scale"]), float.fromhex(op["softcap"])
    window = op.get("window", {"left": -1, "right": -1})
    left, right = (np.inf if w < 0 else w for w in (window["left"], window["right"]))
    keep, bias = (np.broadcast_to(t.get(x, y), (B, H, n, m)) for x, y in (("mask", True), ("bias", np.float32(0))))
    q_lens, k_lens, j = t.get("q_lens", [n] * B), t.get("k_lens", [m] * B), np.arange(m)
    out, lse = np.zeros((B, H, n, v.shape[3]), np.float32), np.full((B, H, n), -np.inf, np.float32)
    for b, h, i in np.ndindex(B, H, n):
        p = i + op["offset"][b]
        ok = keep[b, h, i] & (j < k_lens[b]) & (i < q_lens[b]) & (j >= p - left) & (j <= (p if op["causal"] else p + right))
        s = (k[b, h // group, ok] @ q[b, h, i]) * np.float32(scale)
        s = (np.float32(cap) * np.tanh(s / np.float32(cap)) if cap else s) + bias[b, h, i, ok]
        top = s.max(initial=-np.inf)
        if top == -np.inf:
            continue  # an empty row: out 0, lse -inf
        e = np.exp(s - top)
        out[b, h, i], lse[b, h, i] = e[e > 0] @ v[b, h // group, ok][e > 0] / e.sum(), top + np.log(e.sum())
    return {"out": out, "lse": lse}

if len(sys.argv) != 3:
    sys.exit("usage: python3 run_suite.py SUITE RESULTS, where SUITE was made by ./assay export")
suite, results = map(pathlib.Path, sys.argv[1:3])
done = skipped = 0
for file in sorted(suite.rglob("*.json")):
    case = json.loads(file.read_text())
    plain = case.get("op", {}).get("kind") in ("dense", "sliding-window") and set(case["inputs"]) <= SUPPORTED
    turned = {case.get("op", {}).get(key, "NONE") for key in ("rope", "alibi")} != {"NONE"}
    if not plain or turned or case["result"] != "valid" or "f32-flash" not in case["classes"]:
        skipped += "op" in case
        continue
    about = {"suite": "assay-goldens", "tcId": str(case["tcId"]), "class": "f32-flash", "impl": "numpy"}
    write(results / (case["name"] + ".safetensors"), attention(case["op"], read(file.with_suffix(".safetensors"))), about)
    done += 1
print(f"{done} cases run, {skipped} skipped")
