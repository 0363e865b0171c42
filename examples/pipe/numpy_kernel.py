"""The kernel of ../kernel.py for 'assay pipe':  ./assay pipe --class f32-flash -- python3 examples/pipe/numpy_kernel.py"""
import numpy as np
from frames import answer, prompts
from kernel import attention, unsupported

np.seterr(all="ignore")  # some cases hold NaN and infinities on purpose
for case, kind, tensors in prompts():
    if reason := unsupported(case, kind):
        answer(case, {}, impl="numpy", unsupported=reason)
    else:
        answer(case, attention(case["op"], tensors), impl="numpy")
