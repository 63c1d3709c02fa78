"""Reference vectors of change detection: river. False discovery: scipy."""

import numpy as np
from river.drift import ADWIN, PageHinkley
from river.drift.binary import DDM
from scipy import stats

from fixtures import write

rng = np.random.default_rng(9)


def detections(detector, stream):
    found = []
    for i, value in enumerate(stream):
        detector.update(value)
        if detector.drift_detected:
            found.append(i)
    return found


levels = np.round(np.concatenate([rng.normal(m, s, n) for m, s, n in ((0, 1, 600), (1, 1, 500), (1, 3, 300), (-1, 0.5, 600))]), 5)
errors = (rng.uniform(size=3000) < np.repeat([0.1, 0.3, 0.05, 0.5], 750)).astype(int)
steady = np.round(rng.uniform(size=2000), 5)
ps = rng.uniform(size=12) ** 3

write(
    "sequential",
    {
        "levels": levels,
        "errors": errors,
        "steady": steady,
        "pageHinkley": [detections(PageHinkley(), levels), detections(PageHinkley(threshold=20, delta=0.1, mode="up"), levels),
                        detections(PageHinkley(threshold=20, mode="down", alpha=1), levels)],
        "ddm": [detections(DDM(), errors), detections(DDM(warm_start=100, drift_threshold=2.5), errors)],
        "adwin": [detections(ADWIN(), levels), detections(ADWIN(), errors), detections(ADWIN(delta=0.05, clock=1), errors), detections(ADWIN(), steady)],
        "bh": {"p": ps, "adjusted": stats.false_discovery_control(ps)},
    },
    "river",
    "scipy",
)
