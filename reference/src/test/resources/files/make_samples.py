"""Makes the samples of this folder with numpy and the safetensors package: programs that share no code with Assay.

Arrays of every type that is read; element p (row-major) of an array is VALUES[p], so the tests can know them.
Usage: python3 make_samples.py   (numpy 2.4.6 and safetensors 0.8.0 made the committed files)
"""

import io
import pathlib

import numpy as np
from safetensors.numpy import save_file

FOLDER = pathlib.Path(__file__).parent
TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1", "U8": "u1"}
SHAPE = (2, 3, 4)


def values(dtype):
    """0, 1, 2 ... 23, halved where the type has halves, and with falling sign where it has signs."""
    x = np.arange(24, dtype=np.float64)
    if np.dtype(dtype).kind == "f":
        x = x / 2
    if np.dtype(dtype).kind != "u":
        x = np.where(x % 2 == 1, -x, x)
    return x.astype(dtype).reshape(SHAPE)


def arrays():
    all = {name: values(dtype) for name, dtype in TYPES.items()}
    all["BOOL"] = (np.arange(24) % 3 == 0).reshape(SHAPE)
    all["scalar"] = np.array(2.5)
    all["empty"] = np.zeros((0, 3), dtype="<f4")
    return all


def npy(array, version):
    out = io.BytesIO()
    np.lib.format.write_array(out, array, version=version)
    return out.getvalue()


def main():
    fortran = {name: np.array(array, order="F") for name, array in arrays().items()}
    np.savez(FOLDER / "stored.npz", **arrays())
    np.savez_compressed(FOLDER / "fortran-deflated.npz", **fortran)
    for version in ((1, 0), (2, 0), (3, 0)):
        (FOLDER / f"version{version[0]}.npy").write_bytes(npy(arrays()["F32"], version))
    save_file(arrays(), FOLDER / "official.safetensors", metadata={"made by": "safetensors"})


if __name__ == "__main__":
    main()
