"""Reference vectors of the core: scipy, scikit-learn, numpy, statsmodels, fairlearn. Run by hand; see README.md here."""

import numpy as np
import scipy
import sklearn
from fairlearn.metrics import (
    demographic_parity_difference,
    demographic_parity_ratio,
    equal_opportunity_difference,
    equal_opportunity_ratio,
    equalized_odds_difference,
    equalized_odds_ratio,
)
from scipy import stats
from scipy.spatial import distance
from sklearn import metrics
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep

from fixtures import write

rng = np.random.default_rng(20261123)


def count_pairs():
    pairs = [
        ([10, 20, 30], [12, 18, 33]),
        ([100, 0, 50, 3], [80, 10, 40, 0]),
        ([5], [9]),
        ([1, 1], [1, 1]),
        ([0, 7], [7, 0]),
        ([1000000, 2000000, 17], [1000100, 1999000, 40]),
    ]
    for cells in (2, 10, 100, 1000):
        shares = rng.dirichlet(np.ones(cells))
        moved = rng.dirichlet(np.ones(cells))
        for n, m in ((10, 1000), (300, 950), (100_000, 1_000_000)):
            pairs.append((rng.multinomial(n, shares).tolist(), rng.multinomial(m, shares).tolist()))
            pairs.append((rng.multinomial(n, shares).tolist(), rng.multinomial(m, moved).tolist()))
    return pairs


def divergences(reference, current):
    keep = (np.array(reference) + np.array(current)) > 0
    p = (np.array(reference)[keep] + 0.5) / (np.array(reference)[keep] + 0.5).sum()
    q = (np.array(current)[keep] + 0.5) / (np.array(current)[keep] + 0.5).sum()
    return {
        "psi": float(np.sum((q - p) * np.log(q / p))),
        "js2": float(distance.jensenshannon(p, q, base=2)),
        "jse": float(distance.jensenshannon(p, q)),
        "kl": float(stats.entropy(p, q)),
        "hellinger": float(np.sqrt(0.5 * np.sum((np.sqrt(p) - np.sqrt(q)) ** 2))),
        "tvd": float(0.5 * np.abs(p - q).sum()),
        "linf": float(np.abs(p - q).max()),
        "p": p.tolist() if len(p) <= 10 else None,
        "q": q.tolist() if len(q) <= 10 else None,
    }


def chi_square(reference, current):
    keep = (np.array(reference) + np.array(current)) > 0
    table = np.array([np.array(reference)[keep], np.array(current)[keep]])
    if table.shape[1] < 2:
        return {"statistic": 0, "dof": 0, "p": 1}
    result = stats.chi2_contingency(table, correction=False)
    return {"statistic": result.statistic, "dof": int(result.dof), "p": result.pvalue}


def counts_case(pair):
    reference, current = pair
    return {
        "reference": reference,
        "current": current,
        "divergences": divergences(reference, current),
        "chiSquare": chi_square(reference, current),
    }


def delong(labels, scores):
    """Straight from the definition, quadratic: the structural components of every pair."""
    x = scores[labels == 1]
    y = scores[labels == 0]
    psi = (x[:, None] > y[None, :]) + 0.5 * (x[:, None] == y[None, :])
    v10, v01 = psi.mean(axis=1), psi.mean(axis=0)
    return float(np.sqrt(v10.var(ddof=1) / len(x) + v01.var(ddof=1) / len(y)))


def binary_case(labels, scores, threshold=0.5):
    decided = scores >= threshold
    tn, fp, fn, tp = metrics.confusion_matrix(labels, decided, labels=[0, 1]).ravel()
    bins = np.clip(np.ceil(scores * 10).astype(int) - 1, 0, 9)
    ece = sum(
        abs(labels[bins == b].mean() - scores[bins == b].mean()) * (bins == b).mean()
        for b in range(10)
        if (bins == b).any()
    )
    return {
        "labels": labels.tolist(),
        "scores": scores.tolist(),
        "threshold": threshold,
        "auc": metrics.roc_auc_score(labels, scores),
        "standardError": delong(labels, scores),
        "logLoss": metrics.log_loss(labels, scores),
        "brier": metrics.brier_score_loss(labels, scores),
        "ece": float(ece),
        "confusion": [int(v) for v in (tp, fp, fn, tn)],
        "accuracy": metrics.accuracy_score(labels, decided),
        "precision": metrics.precision_score(labels, decided),
        "recall": metrics.recall_score(labels, decided),
        "f1": metrics.f1_score(labels, decided),
        "f2": metrics.fbeta_score(labels, decided, beta=2),
        "mcc": metrics.matthews_corrcoef(labels, decided),
        "kappa": metrics.cohen_kappa_score(labels, decided),
        "balancedAccuracy": metrics.balanced_accuracy_score(labels, decided),
    }


def binary_cases():
    cases = []
    for n in (10, 200, 600):
        truth = rng.uniform(size=n)
        labels = (rng.uniform(size=n) < truth).astype(int)
        labels[0], labels[1] = 0, 1
        cases.append(binary_case(labels, np.clip(truth + rng.normal(0, 0.2, n), 0, 1)))
        cases.append(binary_case(labels, np.round(truth, 1), 0.3))
    return cases


def fairness_case(groups, rows):
    g = rng.choice(groups, size=rows)
    y = (rng.uniform(size=rows) < 0.6).astype(int)
    bias = {name: 0.25 + 0.5 * i / len(groups) for i, name in enumerate(groups)}
    pred = (rng.uniform(size=rows) < np.array([bias[name] for name in g]) * (0.6 + 0.4 * y)).astype(int)
    arguments = {"y_true": y, "y_pred": pred, "sensitive_features": g}
    return {
        "groups": g.tolist(),
        "outcome": y.tolist(),
        "prediction": pred.tolist(),
        "demographicParityDifference": demographic_parity_difference(**arguments),
        "demographicParityRatio": demographic_parity_ratio(**arguments),
        "equalOpportunityDifference": equal_opportunity_difference(**arguments),
        "equalOpportunityRatio": equal_opportunity_ratio(**arguments),
        "equalizedOddsDifference": equalized_odds_difference(**arguments),
        "equalizedOddsRatio": equalized_odds_ratio(**arguments),
    }


def newcombe(a, n, b, m):
    low, high = confint_proportions_2indep(a, n, b, m, method="newcomb", compare="diff")
    return {"left": [a, n], "right": [b, m], "lower": float(low), "upper": float(high)}


def wilson(successes, trials, confidence):
    interval = stats.binomtest(successes, trials).proportion_ci(confidence, method="wilson")
    return {"successes": successes, "trials": trials, "confidence": confidence, "lower": interval.low, "upper": interval.high}


probabilities = [1e-300, 1e-20, 1e-9, 0.0005, 0.025, 0.075, 0.3, 0.5, 0.7, 0.95, 0.999, 1 - 1e-9]
p_values = [[0.01, 0.04, 0.03, 0.005], [0.5], [0.2, 0.2, 0.2], [1e-12, 1, 0.5, 1e-4, 1e-4]]

write(
    "core",
    {
        "counts": [counts_case(pair) for pair in count_pairs()],
        "binary": binary_cases(),
        "fairness": [fairness_case(["a", "b"], 200), fairness_case(["a", "b", "c", "d"], 900)],
        "wilson": [wilson(s, n, c) for s, n in ((0, 10), (10, 10), (3, 7), (120, 300), (1, 100000)) for c in (0.9, 0.95, 0.999)],
        "newcombe": [newcombe(*c) for c in ((5, 56, 0, 29), (56, 70, 48, 80), (10, 10, 0, 20), (300, 1000, 250, 800))],
        "normalQuantile": [[p, float(stats.norm.ppf(p))] for p in probabilities],
        "normalUpperTail": [[z, float(stats.norm.sf(z))] for z in (-40, -8, -1.5, -1e-9, 0, 1e-9, 0.3, 1.96, 6, 20, 37)],
        "chiSquareUpperTail": [[x, k, float(stats.chi2.sf(x, k))] for x, k in ((0, 3), (1e-9, 1), (3.84, 1), (10, 20), (300, 9), (2000, 50), (1100, 999), (7, 0.5))],
        "holm": [{"p": p, "adjusted": multipletests(p, method="holm")[1].tolist()} for p in p_values],
    },
    numpy=np.__version__,
    scipy=scipy.__version__,
    sklearn=sklearn.__version__,
)
