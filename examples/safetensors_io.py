"""The safetensors format in numpy: eight bytes with the length of a JSON header, the header, the data."""
import json, struct
import numpy as np

TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2", "BOOL": "|b1", "I32": "<i4"}
NAMES = {np.dtype(numpy): name for name, numpy in TYPES.items()}  # numpy has no BF16: its bits as unsigned integers


def decode(raw):  # metadata and tensors
    data = 8 + struct.unpack("<Q", raw[:8])[0]
    header, tensors = json.loads(raw[8:data]), {}
    metadata = header.pop("__metadata__", {})
    for name, entry in header.items():
        count = int(np.prod(entry["shape"], dtype=np.int64))
        array = np.frombuffer(raw, TYPES[entry["dtype"]], count, data + entry["data_offsets"][0])
        if entry["dtype"] == "BF16":  # the upper half of an fp32
            array = (array.astype("<u4") << 16).view("<f4")
        tensors[name] = array.reshape(entry["shape"])
    return metadata, tensors


def encode(tensors, metadata):
    header, data = {"__metadata__": metadata}, b""
    for name, array in tensors.items():
        begin, data = len(data), data + array.tobytes()
        header[name] = {"dtype": NAMES[array.dtype], "shape": array.shape, "data_offsets": [begin, len(data)]}
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def read(path):
    return decode(path.read_bytes())[1]


def write(path, tensors, metadata):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encode(tensors, metadata))
