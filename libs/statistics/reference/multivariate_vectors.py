"""Reference vectors of maximum mean discrepancy: scikit-learn's kernel and distances."""

import numpy as np
from sklearn.metrics import pairwise_distances
from sklearn.metrics.pairwise import rbf_kernel

from fixtures import write

rng = np.random.default_rng(12)


def case(n, m, shift):
    x = np.round(rng.normal(size=(n, 3)), 5)
    y = np.round(rng.normal(size=(m, 3)) + shift, 5)
    both = np.vstack([x, y])
    width = float(np.median(pairwise_distances(both)[np.triu_indices(n + m, 1)]))
    k = rbf_kernel(both, gamma=1 / (2 * width**2))
    off = lambda block: (block.sum() - np.trace(block)) / (len(block) * (len(block) - 1))
    return {"reference": x, "current": y, "bandwidth": width, "squared": off(k[:n, :n]) + off(k[n:, n:]) - 2 * k[:n, n:].mean()}


write("multivariate", [case(20, 25, 0.0), case(40, 30, 1.0), case(2, 3, 0.5)], "scikit-learn", "numpy")
