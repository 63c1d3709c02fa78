"""Reference vectors of group fairness: AIF360, SageMaker Clarify (smclarify) and Fairlearn."""

import warnings

import numpy as np
import pandas as pd

warnings.filterwarnings("ignore")
from aif360.datasets import BinaryLabelDataset
from aif360.metrics import BinaryLabelDatasetMetric, ClassificationMetric
from fairlearn.metrics import MetricFrame, false_positive_rate, selection_rate, true_positive_rate
from smclarify.bias.metrics import posttraining as post
from smclarify.bias.metrics import pretraining as pre

from fixtures import write

rng = np.random.default_rng(8)


def case(n, features=2):
    d = rng.uniform(size=n) < 0.35
    x = np.round(rng.normal(size=(n, features)) + 0.3 * d[:, None], 6)
    y = rng.uniform(size=n) < 0.6 - 0.2 * d
    p = rng.uniform(size=n) < 0.25 + 0.4 * y - 0.1 * d
    strata = rng.choice(["low", "middle", "high"], n)
    frame = pd.DataFrame(x, columns=[f"x{i}" for i in range(features)])
    frame["s"] = (~d).astype(float)
    frame["y"] = y.astype(float)
    truth = BinaryLabelDataset(df=frame, label_names=["y"], protected_attribute_names=["s"])
    decided = truth.copy()
    decided.labels = p.astype(float).reshape(-1, 1)
    metric = ClassificationMetric(truth, decided, [{"s": 0}], [{"s": 1}])
    # AIF360's neighbours use every column, the protected one too.
    alike = BinaryLabelDatasetMetric(decided, [{"s": 0}], [{"s": 1}])
    f, s, yb, pb = pd.Series(d), pd.Series(d), pd.Series(y), pd.Series(p)
    g = pd.Series(strata)
    by = lambda m: MetricFrame(metrics=m, y_true=y, y_pred=p, sensitive_features=strata)
    frames = {"selectionRate": by(selection_rate), "truePositiveRate": by(true_positive_rate), "falsePositiveRate": by(false_positive_rate)}
    return {
        "disadvantaged": d.astype(int),
        "outcome": y.astype(int),
        "decision": p.astype(int),
        "strata": strata,
        "features": x,
        "aif360": {
            "statisticalParityDifference": metric.statistical_parity_difference(),
            "disparateImpact": metric.disparate_impact(),
            "equalOpportunityDifference": metric.equal_opportunity_difference(),
            "averageOddsDifference": metric.average_odds_difference(),
            "averageAbsoluteOddsDifference": metric.average_abs_odds_difference(),
            "equalizedOddsDifference": metric.equalized_odds_difference(),
        },
        "theil": metric.theil_index(),
        "entropy2": metric.generalized_entropy_index(alpha=2),
        "entropy3": metric.generalized_entropy_index(alpha=3),
        "consistency": float(alike.consistency()[0]),
        "differentialFairness": alike.smoothed_empirical_differential_fairness(),
        "clarify": {
            "specificityDifference": post.SD(f, s, yb, pb),
            "differenceInAcceptanceRates": post.DAR(f, s, yb, pb),
            "differenceInRejectionRates": post.DRR(f, s, yb, pb),
            "differenceInConditionalAcceptance": post.DCA(f, s, yb, pb),
            "differenceInConditionalRejection": post.DCR(f, s, yb, pb),
            "accuracyDifference": post.AD(f, s, yb, pb),
            "treatmentEquality": post.TE(f, s, yb, pb),
            "disparateImpact": post.DI(f, s, pb),
        },
        "dppl": post.DPPL(f, s, pb),
        "rd": post.RD(f, s, yb, pb),
        "ge": post.GE(yb, pb),
        "ft": post.FT(pd.DataFrame(x), s, pb),
        "cddpl": post.CDDPL(f, s, pb, g),
        "cddl": pre.CDDL(f, s, yb, g),
        "labels": {
            "classImbalance": pre.CI(f, s),
            "differenceInPositiveProportions": pre.DPL(f, s, yb),
            "kullbackLeibler": pre.KL(yb, s),
            "jensenShannon": pre.JS(yb, s),
            "l2Norm": pre.LP(yb, s),
            "totalVariation": pre.TVD(yb, s),
            "maximumDifference": pre.KS(yb, s),
        },
        "toOverall": {
            name: {"difference": frame.difference(method="to_overall"), "ratio": frame.ratio(method="to_overall")}
            for name, frame in frames.items()
        },
    }


write("fairness", [case(150), case(400, 4)], "aif360", "smclarify", "fairlearn")
