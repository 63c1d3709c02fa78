"""Reference vectors of the univariate tests: scipy and statsmodels."""

import numpy as np
import scipy
from scipy import stats
from statsmodels.stats.proportion import proportions_ztest

from fixtures import write

rng = np.random.default_rng(4)


def samples():
    normal = lambda n: np.round(rng.normal(size=n), 6)
    yield "same population", normal(80), normal(50)
    yield "shifted", normal(200), normal(150) + 0.5
    yield "equal sizes", normal(60), normal(60) + 0.3
    yield "small", normal(5), normal(4)
    yield "single rows", normal(1), normal(1) + 10
    yield "far apart", normal(300), normal(280) + 30
    yield "ties", rng.integers(0, 4, 90).astype(float), rng.integers(0, 4, 70).astype(float)
    yield "heavy tails", np.round(rng.standard_cauchy(120), 5), np.round(rng.standard_cauchy(100), 5)
    yield "half constant", np.zeros(30), normal(30)
    yield "lopsided", normal(7), normal(400)


def case(name, a, b):
    constant = len(set(a)) == 1 or len(set(b)) == 1
    result = {"name": name, "reference": a, "current": b}
    ks = stats.ks_2samp(a, b, method="exact")
    result["ks"] = [ks.statistic, ks.pvalue, stats.ks_2samp(a, b, method="asymp").pvalue]
    result["wasserstein"] = [stats.wasserstein_distance(a, b), stats.wasserstein_distance(a, b) / max(np.std(a), 0.001)]
    if min(len(a), len(b)) > 1:
        cvm = stats.cramervonmises_2samp(a, b, method="asymptotic")
        result["cvm"] = [cvm.statistic, cvm.pvalue]
        t = stats.ttest_ind(a, b, equal_var=False)
        result["welch"] = [t.statistic, t.pvalue]
    if not constant:
        u = stats.mannwhitneyu(a, b)
        result["mannWhitney"] = [u.statistic, u.pvalue]
    return result


def large(n, m, shift):
    """Too long to write down: both sides make the same numbers, i * 0.618... mod 1."""
    golden = 0.6180339887498949
    a = np.arange(n) * golden % 1
    b = (np.arange(m) + 0.5) * golden % 1 + shift
    ks = stats.ks_2samp(a, b)
    return {"n": n, "m": m, "shift": shift, "ks": [ks.statistic, ks.pvalue], "wasserstein": stats.wasserstein_distance(a, b)}


def table(a, n, c, m):
    z, p = proportions_ztest([a, c], [n, m]) if 0 < a + c < n + m else (0.0, 1.0)
    odds, exact = stats.fisher_exact([[a, n - a], [c, m - c]])
    return {"reference": [a, n], "current": [c, m], "z": [z, p], "fisher": [odds, exact]}


def g_case(a, b):
    result = stats.chi2_contingency([a, b], correction=False, lambda_="log-likelihood")
    return {"reference": a, "current": b, "g": [result.statistic, result.pvalue]}


kolmogorov = [(n, d) for n in (1, 2, 5, 20, 140, 141, 1000, 20_000, 500_000) for d in (
    0.3 / np.sqrt(n), 0.6 / np.sqrt(n), 0.83 / np.sqrt(n), 1.3 / np.sqrt(n), 1.9 / np.sqrt(n), 3 / np.sqrt(n), 8 / np.sqrt(n)) if d < 1]

write(
    "univariate",
    {
        "samples": [case(*entry) for entry in samples()],
        "large": [large(1000, 1300, 0.0), large(1000, 1300, 0.05), large(20_000, 15_000, 0.01), large(1_000_000, 1_000_000, 0.002)],
        "tables": [table(*t) for t in ((5, 20, 9, 18), (0, 10, 5, 10), (10, 10, 10, 10), (200, 1000, 260, 1000), (1, 2, 3, 4))],
        "g": [g_case([10, 20, 30], [12, 18, 33]), g_case([10, 0, 30], [0, 18, 33]), g_case([500, 100], [300, 150])],
        "kolmogorov": [[n, d, stats.kstwo.sf(d, n)] for n, d in kolmogorov],
        "student": [[t, k, 2 * stats.t.sf(t, k)] for t in (0, 0.5, 2, 10, 100) for k in (1, 2.5, 30, 1e4)],
    },
    "statsmodels",
    scipy=scipy.__version__,
    numpy=np.__version__,
)
