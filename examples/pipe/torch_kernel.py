"""PyTorch's own scaled dot-product attention, forward and backward, for 'assay pipe':

./assay pipe --class f32-flash -- python3 examples/pipe/torch_kernel.py     (or f64, bf16-flash)

Only what the function itself offers is claimed. The keep mask comes from ../kernel.py; heads of a group are repeated, which autograd
sums again; another scale than 1/sqrt(D) is put into q. The function gives no LSE, so there is none here, and no gradient where the
case's loss has one.
"""
import numpy as np
import torch
from frames import answer, prompts
from kernel import INPUTS, keep

TYPES = {"f64": torch.float64, "f32-flash": torch.float32, "bf16-flash": torch.bfloat16, "fp16-flash": torch.float16}
NEW = hasattr(torch.nn.functional, "scaled_dot_product_attention")  # since 2.0; before it was private, without a bias
SDPA = torch.nn.functional.scaled_dot_product_attention if NEW else torch.nn.functional._scaled_dot_product_attention


def unsupported(case, kind):
    op = case["op"]
    if case["result"] != "valid":
        return "bad input is not looked for"
    if op["kind"] not in ("dense", "sliding-window"):
        return "no " + op["kind"]
    if others := set(case["inputs"]) - (INPUTS if NEW else INPUTS - {"bias"}):
        return "no " + ", ".join(sorted(others))
    if {op.get(key, "NONE") for key in ("rope", "alibi")} != {"NONE"}:
        return "no positions"
    if float.fromhex(op["softcap"]) != 0:
        return "no softcap"
    return "no binary16 on this device" if kind == "fp16-flash" and not NEW else ""


def attend(case, kind, t):
    op, group, n, m = case["op"], t["q"].shape[1] // t["k"].shape[1], t["q"].shape[2], t["k"].shape[2]
    leaves = {name: torch.tensor(t[name]).to(TYPES[kind]).requires_grad_() for name in ("q", "k", "v", "bias") if name in t}
    q, k, v = (leaves[name] for name in "qkv")
    k, v = (x.repeat_interleave(group, 1) for x in (k, v))
    factor = float.fromhex(op["scale"]) * q.shape[3] ** 0.5
    scaled = abs(factor - 1) > 1e-6
    q = q * factor if scaled else q
    pairs = torch.tensor(np.broadcast_to(keep(op, t, n, m), (q.shape[0], q.shape[1], n, m)))
    if "bias" in leaves:
        pairs = torch.where(pairs, leaves["bias"], torch.tensor(-torch.inf, dtype=TYPES[kind]))
    causal = op["causal"] and n == m and set(op["offset"]) == {0} and not set(t) & {"mask", "bias", "q_lens", "k_lens"}
    alone = causal and op["kind"] == "dense"  # then the function masks by itself
    out = SDPA(q, k, v, None, is_causal=True) if alone else SDPA(q, k, v, None if pairs.dtype == torch.bool and pairs.all() else pairs)
    results = {"out": out if NEW else out[0]}
    if "d_out" in t and "d_lse" not in t:
        results["out"].backward(torch.tensor(t["d_out"]).to(TYPES[kind]))
        results.update({"d" + name: leaf.grad for name, leaf in leaves.items() if "d" + name in case["expect"]})
    return {name: stored(x) for name, x in results.items()}, {"scale_in_q": "true"} if scaled else {}


def stored(x):  # numpy has no BF16: its bits are the upper half of an fp32
    x = x.detach().contiguous()
    return (x.float().numpy().view("<u4") >> 16).astype("<u2") if x.dtype == torch.bfloat16 else x.numpy()


for case, kind, tensors in prompts():
    about = {"impl": "torch", "impl_version": torch.__version__, "device": "cpu"}
    if reason := unsupported(case, kind):
        answer(case, {}, unsupported=reason, **about)
    else:
        results, declared = attend(case, kind, tensors)
        answer(case, results, **about, **declared)
