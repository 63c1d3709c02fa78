"""Platt's and isotonic calibration of scikit-learn on given probabilities, with and without weights."""
import numpy as np
from fixture import write
from sklearn.calibration import _SigmoidCalibration
from sklearn.isotonic import IsotonicRegression

rng = np.random.default_rng(2)
p = np.round(rng.random(300), 2) * 0.98 + 0.01
y = (rng.random(300) < p**2).astype(float)
weights = rng.integers(1, 4, size=300).astype(float)
grid = np.linspace(0, 1, 41)[1:-1]
cases = []
for w in (None, weights):
    platt = _SigmoidCalibration().fit(np.log(p / (1 - p)), y, sample_weight=w)
    isotonic = IsotonicRegression(out_of_bounds="clip").fit(p, y, sample_weight=w)
    cases.append(
        {
            "weighted": w is not None,
            "platt": platt.predict(np.log(grid / (1 - grid))),
            "isotonic": isotonic.predict(grid),
        }
    )
write("calibration", {"p": p, "y": y, "weights": weights, "grid": grid, "cases": cases})
