"""Runs a kernel over an exported suite, for 'assay verify':  python3 run_suite.py SUITE RESULTS  (numpy only)"""
import json, pathlib, sys
import numpy as np
from kernel import attention, unsupported
from safetensors_io import read, write

np.seterr(all="ignore")  # some cases hold NaN and infinities on purpose
if len(sys.argv) != 3:
    sys.exit("usage: python3 run_suite.py SUITE RESULTS, where SUITE was made by ./assay export")
suite, results = map(pathlib.Path, sys.argv[1:3])
done = skipped = 0
for file in sorted(suite.rglob("*.json")):
    case = json.loads(file.read_text())
    if "op" not in case or unsupported(case):
        skipped += "op" in case
        continue
    about = {"suite": "assay-goldens", "tcId": str(case["tcId"]), "class": "f32-flash", "impl": "numpy"}
    write(results / (case["name"] + ".safetensors"), attention(case["op"], read(file.with_suffix(".safetensors"))), about)
    done += 1
print(f"{done} cases run, {skipped} skipped")
