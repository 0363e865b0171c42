"""Naive attention in numpy, and which cases it can do: put your kernel here."""
import numpy as np

INPUTS = {"q", "k", "v", "bias", "mask", "q_lens", "k_lens", "offset", "d_out", "d_lse"}


def unsupported(case, kind="f32-flash"):  # why this kernel does not do a case, or an empty text
    op = case["op"]
    if case["result"] != "valid":
        return "bad input is not looked for"
    if kind != "f32-flash" or kind not in case["classes"]:
        return "computes in f32-flash only"
    if op["kind"] not in ("dense", "sliding-window"):
        return "no " + op["kind"]
    if others := set(case["inputs"]) - INPUTS:
        return "no " + ", ".join(sorted(others))
    return "no positions" if {op.get(key, "NONE") for key in ("rope", "alibi")} != {"NONE"} else ""


def keep(op, t, n, m):  # which pairs there are, [B, H or 1, n, m], with keys for queries as SPEC.md, section 2, says
    window = op.get("window", {"left": -1, "right": -1})
    left, right = (np.inf if w < 0 else w for w in (window["left"], window["right"]))
    p = np.asarray(op["offset"])[:, None, None] + np.arange(n)[:, None]
    j, B = np.arange(m), len(op["offset"])
    ok = (j >= p - left) & (j <= (np.minimum(p, p + right) if op["causal"] else p + right))
    ok &= (j < np.reshape(t.get("k_lens", [m] * B), (B, 1, 1))) & (p - p[:, :1] < np.reshape(t.get("q_lens", [n] * B), (B, 1, 1)))
    return ok[:, None] & t.get("mask", True)


def attention(op, t):  # the case's operation and its tensors -> out and lse
    q, k, v = (t[name].astype(np.float32) for name in "qkv")
    (B, H, n, _), m, group = q.shape, k.shape[2], q.shape[1] // k.shape[1]
    scale, cap = float.fromhex(op["scale"]), float.fromhex(op["softcap"])
    pairs, bias = (np.broadcast_to(x, (B, H, n, m)) for x in (keep(op, t, n, m), t.get("bias", np.float32(0))))
    out, lse = np.zeros((B, H, n, v.shape[3]), np.float32), np.full((B, H, n), -np.inf, np.float32)
    for b, h, i in np.ndindex(B, H, n):
        ok = pairs[b, h, i]
        s = (k[b, h // group, ok] @ q[b, h, i]) * np.float32(scale)
        s = (np.float32(cap) * np.tanh(s / np.float32(cap)) if cap else s) + bias[b, h, i, ok]
        top = s.max(initial=-np.inf)
        if top == -np.inf:
            continue  # an empty row: out 0, lse -inf
        e = np.exp(s - top)
        out[b, h, i], lse[b, h, i] = e[e > 0] @ v[b, h // group, ok][e > 0] / e.sum(), top + np.log(e.sum())
    return {"out": out, "lse": lse}
