"""Times PyTorch's FlexAttention and SDPA on a GPU, on the work of `./assay bench --suite device`.

    python3 examples/flex_attention.py

Heads 8, channels 64, one batch entry. "band" is the mask of the work BAND: blocks of 64, each row's own
with the three before it, and the first. Operations are counted as Assay counts them: 4 for each pair and
channel forward, 14 forward and backward. Medians by CUDA events (triton.testing.do_bench).
"""

import torch
from torch.nn.attention.flex_attention import create_block_mask, flex_attention
from torch.nn.functional import scaled_dot_product_attention
from triton.testing import do_bench

HEADS, DEPTH, BLOCK, BAND = 8, 64, 64, 4
flex = torch.compile(flex_attention, dynamic=False)


def band(b, h, query, key):
    rows, cols = query // BLOCK, key // BLOCK
    return ((cols <= rows) & (cols > rows - BAND)) | (cols == 0)


def causal(b, h, query, key):
    return query >= key


def pairs(mask, n):
    if mask is None:
        return n * n
    if mask is causal:
        return n * (n + 1) / 2
    return sum(min(row + 1, BAND + 1) * BLOCK * BLOCK for row in range(n // BLOCK))


def inputs(n, dtype):
    return [torch.randn(1, HEADS, n, DEPTH, device="cuda", dtype=dtype, requires_grad=True) for _ in range(3)]


def line(what, n, dtype, millis, operations):
    print(f"{what}, n = {n}, {str(dtype)[6:]}: {millis:.3f} ms, {operations / millis / 1e9:.1f} TFLOP/s", flush=True)


def time_flex(name, mask, n, dtype):
    q, k, v = inputs(n, dtype)
    blocks = None if mask is None else create_block_mask(mask, None, None, n, n, device="cuda")
    run = lambda: flex(q, k, v, block_mask=blocks)
    cotangent = torch.randn_like(run())
    each = pairs(mask, n) * HEADS * DEPTH
    line(f"flex {name} forward", n, dtype, do_bench(run, return_mode="median"), 4 * each)
    both = do_bench(lambda: run().backward(cotangent), grad_to_none=[q, k, v], return_mode="median")
    line(f"flex {name} forward and backward", n, dtype, both, 14 * each)


def time_sdpa(n, dtype):
    q, k, v = inputs(n, dtype)
    with torch.no_grad():
        millis = do_bench(lambda: scaled_dot_product_attention(q, k, v), return_mode="median")
    line("sdpa dense forward", n, dtype, millis, 4 * n * n * HEADS * DEPTH)


if __name__ == "__main__":
    torch.manual_seed(1)
    print(f"PyTorch {torch.__version__}, {torch.cuda.get_device_name(0)}")
    for n in (4096, 16384):
        for dtype in (torch.float16, torch.float32):
            time_sdpa(n, dtype)
        for name, mask in (("dense", None), ("causal", causal), ("band", band)):
            time_flex(name, mask, n, torch.float16)
    time_flex("band", band, 16384, torch.float32)
