"""Many results to try 'assay verify' on, right ones but for a few:  python3 many_results.py SUITE RESULTS COUNT  (numpy only)

SUITE was made by ./assay export --with-answers. The answers are rounded to fp32 where the case allows that class, and written again and
again below RESULTS/1, RESULTS/2, ... until there are COUNT files; in one file of 500 an element of 'out' is 1 % off."""
import json, pathlib, sys
import numpy as np
from safetensors_io import encode, read

if len(sys.argv) != 4 or not sys.argv[3].isdecimal():
    sys.exit("usage: python3 many_results.py SUITE RESULTS COUNT, where SUITE was made by ./assay export --with-answers")
suite, results, count = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), int(sys.argv[3])
answers = []
for file in sorted(suite.rglob("*.answers.safetensors")):
    case = json.loads(file.with_name(file.name.replace(".answers.safetensors", ".json")).read_text())
    single = "f32-flash" in case["classes"]
    about = {"suite": "assay-goldens", "tcId": str(case["tcId"]), "class": "f32-flash" if single else "f64", "impl": "answers"}
    with np.errstate(all="ignore"):  # some answers are NaN or infinite on purpose
        tensors = {name: array.astype("<f4") if single and array.dtype.kind == "f" else array for name, array in read(file).items()}
    answers.append((case["name"], tensors, about))
if not answers:
    sys.exit(f"{suite} holds no answers: make it with ./assay export --with-answers --to {suite}")
wrong = 0
for number in range(count):
    name, tensors, about = answers[number % len(answers)]
    if number % 500 == 499 and tensors["out"].size:
        tensors = dict(tensors, out=tensors["out"].copy())
        tensors["out"].flat[0] = tensors["out"].flat[0] * 1.01 + 0.01
        wrong += 1
    path = results / str(1 + number // len(answers)) / (name + ".safetensors")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encode(tensors, about))
print(f"{count} results, {wrong} of them wrong, in {-(-count // len(answers))} folders")
