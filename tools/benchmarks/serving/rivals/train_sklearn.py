"""100 trees of depth 6 over 20 features, as scikit-learn fits them: python train_sklearn.py FILE."""
import sys

import joblib
import numpy as np
from sklearn.ensemble import GradientBoostingClassifier

random = np.random.default_rng(1)
x = random.random((4_000, 20))
y = (x[:, 0] + x[:, 1] * x[:, 2] + random.normal(0, 0.3, 4_000) > 0.8).astype(int)
joblib.dump(GradientBoostingClassifier(n_estimators=100, max_depth=6, random_state=1).fit(x, y), sys.argv[1])
