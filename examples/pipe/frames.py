"""The pipe of 'assay pipe' (SPEC.md, section 12): eight bytes with a length, then a safetensors file, both ways."""
import json, os, pathlib, sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from safetensors_io import decode, encode

ANSWERS = os.fdopen(os.dup(1), "wb")  # the pipe is kept for frames: whatever a library prints goes to the error stream
os.dup2(2, 1)


def prompts():  # the case, the class of precision that is asked for, the inputs
    while length := sys.stdin.buffer.read(8):
        metadata, tensors = decode(sys.stdin.buffer.read(int.from_bytes(length, "little")))
        yield json.loads(metadata["prompt"]), metadata["class"], tensors


def answer(case, tensors, **about):
    raw = encode(tensors, {"tcId": str(case["tcId"]), **about})
    ANSWERS.write(len(raw).to_bytes(8, "little") + raw)
    ANSWERS.flush()
