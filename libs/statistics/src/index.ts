export type { FlagList, NumberList } from './arguments/check-arguments';

export { chiSquareUpperTail } from './distributions/chi-square';
export { normalLowerTail, normalQuantile, normalTwoSided, normalUpperTail } from './distributions/normal';

export { DEFAULT_CONFIDENCE } from './intervals/estimate';
export type { Estimate, RateEstimate } from './intervals/estimate';
export { rateDifference, rateOrNull, rateRatio, wilsonInterval } from './intervals/rate-intervals';

export { judgeInterval, judgeRate } from './verdicts/judge-rate';
export type { Bound } from './verdicts/judge-rate';
export { worstVerdict } from './verdicts/verdict';
export type { Verdict } from './verdicts/verdict';

export { holm } from './multiplicity/holm';

export { binOf, equalWidthEdges, quantileEdges } from './reference/bin-edges';
export { BinCounts, countAgainst } from './reference/bin-counts';
export type { BinCountsSnapshot } from './reference/bin-counts';
export { buildReference } from './reference/build-reference';
export type {
  Binning,
  CategoricalReferenceInput,
  NumericReferenceInput,
  ReferenceInput,
  ReferenceOptions,
} from './reference/build-reference';
export { ColumnCounter } from './reference/column-counter';
export type { ColumnCounts } from './reference/column-counter';
export { parseReference, referenceDigest } from './reference/parse-reference';
export { REFERENCE_VERSION } from './reference/reference-profile';
export type {
  CategoricalReferenceColumn,
  NumericReferenceColumn,
  ReferenceColumn,
  ReferenceProfile,
} from './reference/reference-profile';

export {
  hellingerDistance,
  jensenShannonDistance,
  jensenShannonOfCounts,
  kullbackLeibler,
  maximumDifference,
  populationStabilityIndex,
  totalVariation,
} from './drift/divergences';
export type { Divergence } from './drift/divergences';
export type { CellComparison, ColumnDrift, DriftPolicy, DriftReport } from './drift/drift-report';
export { DEFAULT_DRIFT_POLICY, judgeDrift } from './drift/judge-drift';
export { DEFAULT_SMOOTHING, smoothedShares } from './drift/shares';
export type { SharePair } from './drift/shares';
export { twoSampleChiSquare, twoSampleG } from './drift/two-sample-chi-square';
export type { ChiSquareResult } from './drift/two-sample-chi-square';

export { binaryPerformance, confusionAt } from './performance/binary-performance';
export type { BinaryPerformance, BinaryPerformanceOptions } from './performance/binary-performance';
export { calibration } from './performance/calibration';
export type { Calibration, CalibrationBin } from './performance/calibration';
export {
  balancedAccuracy,
  cohensKappa,
  confusionRates,
  fBeta,
  matthewsCorrelation,
  mergeConfusion,
} from './performance/confusion';
export type { Confusion, ConfusionRates } from './performance/confusion';
export { judgePerformance } from './performance/judge-performance';
export type {
  PerformanceBounds,
  PerformanceFinding,
  PerformanceJudgement,
  PerformanceMinimums,
} from './performance/judge-performance';
export { rocAuc } from './performance/roc-auc';
export type { AucEstimate } from './performance/roc-auc';

export { largestDifference, smallestRatio } from './fairness/disparity';
export type { Disparity, LabelledRate } from './fairness/disparity';
export { fairnessReport } from './fairness/fairness-report';
export type { FairnessOptions, FairnessReport } from './fairness/fairness-report';
export type { FairnessMinimums, GroupFigures } from './fairness/group-figures';
export { countGroupOutcomes, GroupOutcomes } from './fairness/group-outcomes';
export type { GroupCells, GroupOutcomesSnapshot, SensitiveColumn } from './fairness/group-outcomes';
export { judgeFairness } from './fairness/judge-fairness';
export type {
  FairnessBounds,
  FairnessFinding,
  FairnessJudgement,
  FairnessMetric,
} from './fairness/judge-fairness';

export { CategoricalProfile } from './profiles/categorical-profile';
export type { CategoricalSummary } from './profiles/categorical-profile';
export { DatasetProfile } from './profiles/dataset-profile';
export type { ColumnProfile, ColumnSummary, ProfileColumn } from './profiles/dataset-profile';
export { DistinctSketch } from './profiles/distinct-sketch';
export { FrequentNumbers } from './profiles/frequent-numbers';
export { FrequentTexts } from './profiles/frequent-texts';
export type { FrequentValue } from './profiles/frequent-values';
export { Moments } from './profiles/moments';
export { NumericProfile } from './profiles/numeric-profile';
export type { NumericSummary, ProfileParts } from './profiles/numeric-profile';
export { QuantileSketch } from './profiles/quantile-sketch';
export type { WeightedItem } from './profiles/quantile-sketch';

export { kolmogorovUpperTail } from './distributions/kolmogorov';
export { logBinomial, logGamma } from './distributions/log-gamma';
export { incompleteBeta, studentTwoSided } from './distributions/student-t';
export { cramerVonMises } from './univariate/cramer-von-mises';
export { evidentlyCategorical, evidentlyNumeric } from './univariate/evidently-policy';
export type { EvidentlyVerdict } from './univariate/evidently-policy';
export { kolmogorovSmirnov, kolmogorovSmirnovOfSketches } from './univariate/kolmogorov-smirnov';
export type { KolmogorovSmirnovOptions, SketchedDistance } from './univariate/kolmogorov-smirnov';
export { mannWhitney } from './univariate/mann-whitney';
export { fisherExact, proportionsZ } from './univariate/proportions';
export type { Proportion } from './univariate/proportions';
export type { TestResult } from './univariate/test-result';
export { wassersteinDistance } from './univariate/wasserstein';
export type { WassersteinDistance } from './univariate/wasserstein';
export { welchT } from './univariate/welch-t';

export { bootstrapInterval } from './intervals/bootstrap';
export type { BootstrapOptions } from './intervals/bootstrap';
export { RandomStream } from './random/random-stream';
export { MulticlassConfusion } from './performance/multiclass-confusion';
export type { AveragedFigures, ClassFigures, MulticlassFigures } from './performance/multiclass-confusion';
export { multiclassScores } from './performance/multiclass-scores';
export type { MulticlassScores } from './performance/multiclass-scores';
export { averagePrecision, gainCurve, operatingPoints, weightedRocAuc } from './performance/precision-recall';
export type { GainPoint, OperatingPoint } from './performance/precision-recall';
export { rankingPerformance } from './performance/ranking-performance';
export type { RankedQuery, RankingPerformance } from './performance/ranking-performance';
export { RegressionPerformance } from './performance/regression-performance';
export type { RegressionFigures } from './performance/regression-performance';
export { weightedBinaryPerformance } from './performance/weighted-binary-performance';
export type { WeightedBinaryPerformance } from './performance/weighted-binary-performance';

export { scoresByGroup } from './fairness/group-scores';
export type { GroupScores } from './fairness/group-scores';
export {
  coefficientOfVariation,
  generalisedEntropy,
  smoothedDifferentialFairness,
  theilIndex,
} from './fairness/inequality';
export { conditionalDemographicDisparity, labelBias } from './fairness/label-bias';
export type { LabelBias } from './fairness/label-bias';
export { consistency, flipTest } from './fairness/neighbours';
export { disparityToOverall } from './fairness/overall-disparity';
export type { GroupRate, OverallDisparity } from './fairness/overall-disparity';
export { compareTwoGroups } from './fairness/two-group-comparison';
export type { OutcomeCells, TwoGroupComparison } from './fairness/two-group-comparison';

export { benjaminiHochberg, OnlineFalseDiscovery } from './multiplicity/false-discovery';
export type { OnlineFalseDiscoveryState } from './multiplicity/false-discovery';
export { Adwin } from './sequential/adwin';
export type { AdwinOptions } from './sequential/adwin';
export { AnytimeMean } from './sequential/anytime-mean';
export { anytimeRate, proportionEValue } from './sequential/anytime-proportion';
export type { ChangeDetector } from './sequential/change-detector';
export { Cusum } from './sequential/cusum';
export type { CusumOptions } from './sequential/cusum';
export { Ddm } from './sequential/ddm';
export type { DdmOptions } from './sequential/ddm';
export { PageHinkley } from './sequential/page-hinkley';
export type { PageHinkleyOptions } from './sequential/page-hinkley';

export { DirectLossEstimator } from './estimation/direct-loss';
export type { EstimatedLoss, LossEstimate, RegressorPort } from './estimation/direct-loss';
export { expectedMulticlassPerformance } from './estimation/expected-multiclass-performance';
export type { ExpectedMulticlassPerformance } from './estimation/expected-multiclass-performance';
export { expectedPerformance } from './estimation/expected-performance';
export type { ExpectedPerformance } from './estimation/expected-performance';
export { IsotonicCalibrator } from './estimation/isotonic-calibrator';
export type { IsotonicCalibratorState } from './estimation/isotonic-calibrator';
export { needsCalibration } from './estimation/needs-calibration';
export { referenceThreshold } from './estimation/reference-threshold';
export { samplingError, samplingErrorComponents } from './estimation/sampling-error';
export type { EstimatedFigure, SamplingErrorComponents } from './estimation/sampling-error';

export { domainClassifier } from './multivariate/domain-classifier';
export type { ClassifierPort } from './multivariate/domain-classifier';
export { maximumMeanDiscrepancy } from './multivariate/maximum-mean-discrepancy';
export type { MmdOptions, MmdResult } from './multivariate/maximum-mean-discrepancy';
export { PcaReconstruction } from './multivariate/pca-reconstruction';
export type { PcaReconstructionState } from './multivariate/pca-reconstruction';
export { encodeTable, fitEncodings } from './multivariate/table-encoder';
export type { ColumnEncoding, TableColumn } from './multivariate/table-encoder';

export type { Anomaly, AnomalyCode, ColumnRules, DataSchema } from './quality/data-schema';
export { DuplicateRows } from './quality/duplicate-rows';
export { findAnomalies } from './quality/find-anomalies';
export { findSkew } from './quality/find-skew';
export type { SkewThresholds } from './quality/find-skew';
export { inferSchema } from './quality/infer-schema';
