"""Reference vectors of Evidently's default drift policy, from Evidently's own stat tests."""

import numpy as np
import pandas as pd
from evidently.legacy.calculations.stattests.registry import get_stattest

from fixtures import write

rng = np.random.default_rng(5)


def run(kind, reference, current):
    reference, current = pd.Series(reference), pd.Series(current)
    test = get_stattest(reference, current, kind, None)
    result = test(reference, current, kind, None)
    return {
        "kind": kind,
        "reference": reference.tolist(),
        "current": current.tolist(),
        "score": result.drift_score,
        "threshold": result.actual_threshold,
        "drifted": bool(result.drifted),
    }


def letters(n, k, power=1.0):
    weights = np.arange(1, k + 1) ** -power
    return rng.choice(list("abcdefgh"[:k]), size=n, p=weights / weights.sum()).tolist()


numbers = lambda n, shift=0.0: np.round(rng.normal(shift, 1, n), 3).tolist()
write(
    "evidently",
    [
        run("num", numbers(400), numbers(300)),
        run("num", numbers(400), numbers(300, 0.3)),
        run("num", numbers(1200), numbers(300)),
        run("num", numbers(1200), numbers(300, 0.2)),
        run("num", rng.integers(0, 4, 300).tolist(), rng.integers(0, 4, 200).tolist()),
        run("num", rng.integers(0, 2, 300).tolist(), rng.integers(0, 2, 200).tolist()),
        run("num", rng.integers(0, 4, 1500).tolist(), rng.integers(0, 3, 200).tolist()),
        run("cat", letters(500, 5), letters(300, 5)),
        run("cat", letters(500, 5), letters(300, 5, 0.5)),
        run("cat", letters(500, 2), letters(300, 2, 0.2)),
        run("cat", letters(2000, 6), letters(300, 6)),
        run("cat", letters(2000, 6), letters(300, 6, 0.3)),
    ],
    "evidently",
    "scipy",
)
