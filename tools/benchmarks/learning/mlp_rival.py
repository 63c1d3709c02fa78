"""scikit-learn's network on synthetic-train: `mlp_rival.py FOLDER EPOCHS FITS`. Prints times and AUC as JSON."""
import json
import os
import sys
import warnings

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"
from rivals import load
import numpy as np
from sklearn.metrics import roc_auc_score
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler
from timing import timed

warnings.filterwarnings("ignore")
folder, epochs, fits = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
_, X, y, _ = load(folder, "synthetic-train")
_, Xt, yt, _ = load(folder, "synthetic-test")
scaler = StandardScaler().fit(X)
X, Xt = np.ascontiguousarray(scaler.transform(X)), scaler.transform(Xt)
times, auc = [], []
for seed in range(fits):
    model = MLPClassifier((64, 64), batch_size=256, max_iter=epochs, n_iter_no_change=epochs + 1, random_state=seed)
    time, model = timed(lambda: model.fit(X, y))
    times.append(time)
    auc.append(float(roc_auc_score(yt, model.predict_proba(Xt)[:, 1])))
print(json.dumps({"times": times, "AUC": auc}))
