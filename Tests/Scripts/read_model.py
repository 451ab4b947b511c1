"""Reads a saved model with NumPy and a few lines that know the safetensors format, and nothing of RatingBench.

Usage: read_model.py MODEL. Prints one JSON object: the metadata, and of each tensor its type, its shape, the sum of its
values and the sum of their positions times values, which tells an order from another. Without NumPy it prints "no numpy".
"""
import json
import sys

try:
    import numpy
except ImportError:
    print("no numpy")
    sys.exit(0)

raw = open(sys.argv[1], "rb").read()
length = int.from_bytes(raw[:8], "little")
assert (8 + length) % 8 == 0, "the values are not aligned"
header = json.loads(raw[8:8 + length])
data = raw[8 + length:]
types = {"F16": "<f2", "F32": "<f4", "F64": "<f8", "I64": "<i8", "U8": "u1"}
result = {"metadata": header.pop("__metadata__"), "tensors": {}}
end = 0
for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
    start, stop = entry["data_offsets"]
    assert start == end, "there is a gap before " + name
    end = stop
    values = numpy.frombuffer(data[start:stop], types[entry["dtype"]]).reshape(entry["shape"])
    flat = values.astype("f8").ravel()
    result["tensors"][name] = {
        "type": entry["dtype"],
        "shape": list(values.shape),
        "sum": float(flat.sum()),
        "moment": float((numpy.arange(flat.size) * flat).sum()),
    }
assert end == len(data), "there is something behind the last tensor"
print(json.dumps(result))
