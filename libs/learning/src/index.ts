export {
  binaryTarget,
  classesOf,
  classTarget,
  multiclassTarget,
  rankingTarget,
  regressionTarget,
  selectTarget,
} from './target/target';
export type {
  BinaryTarget,
  MulticlassTarget,
  RankingTarget,
  RegressionTarget,
  Target,
  Task,
} from './target/target';
export type { BoostingLoss, BoostingParameters } from './boosting/boosting-parameters';
export { createLearner, fitPipeline, learners } from './learner/learners';
export type { LearnerName, LearnerSpec } from './learner/learners';
export type { FitOptions, Learner } from './learner/learner';
export type { FitControl, FitProgress } from './learner/progress';
export { runLayer } from './mlp/mlp-model';
export type { MlpLayer, MlpModel } from './mlp/mlp-model';
export type { MlpParameters } from './mlp/mlp.learner';
export type { LinearModel } from './linear/linear-model';
export type { LogisticParameters } from './linear/logistic/logistic.learner';
export type { ColumnEncoding, EncodingSpec } from './pipeline/encoding-spec';
export { DATE_PARTS, datePart, doubleArithmetic } from './pipeline/date-parts';
export type { Arithmetic, DatePart } from './pipeline/date-parts';
export { binOf, clipped, encodeRows, widthOf } from './pipeline/encode';
export type {
  CategoryEncoder,
  FittedEncoder,
  FittedPipeline,
  FittedPredictor,
  PipelineInput,
} from './pipeline/fitted-pipeline';
export { applyLink, predict, predictionWidth, predictPositive, predictScores } from './pipeline/predict';
export { deriveSeed, Random } from './random/random';
export { crossValidate } from './selection/cross-validate';
export type { CrossValidated, CrossValidation, FoldResult } from './selection/cross-validate';
export {
  countFolds,
  groupedFolds,
  kFolds,
  rowsOfFold,
  rowsOutsideFold,
  splitsOf,
  stratifiedFolds,
  timeSplits,
} from './selection/folds';
export { holdOut, selectPart } from './selection/hold-out';
export type { DataPart } from './selection/hold-out';
export {
  booleanColumn,
  categoricalColumn,
  columnRows,
  createTable,
  numericColumn,
  timeColumn,
} from './table/create-table';
export { tableFromVectors } from './table/table-from-vectors';
export type { ColumnVector, NumberBuffer } from './table/table-from-vectors';
export { columnOf, dropColumns, selectColumns, selectRows } from './table/select-table';
export type {
  BooleanColumn,
  CategoricalColumn,
  Column,
  NumericColumn,
  Table,
  TimeColumn,
} from './table/table';
export { goesLeft, leafOf, treeScores } from './trees/evaluate-trees';
export type { TreeEnsemble } from './trees/tree-ensemble';
export { crossValidateInPool } from './pool/cross-validate-in-pool';
export type { PoolCrossValidation } from './pool/cross-validate-in-pool';
export { runFitJob } from './pool/fit-job';
export type { FitJob, FitResult } from './pool/fit-job';
export { LearningPool } from './pool/learning-pool';
export type { PoolControl, PoolOptions } from './pool/learning-pool';
export { shareData } from './pool/shared-data';
export { explain, featureMeans } from './explain/explain';
export type { ExplainOptions, Explanation } from './explain/explain';
export type { ForestParameters } from './forest/forest-parameters';
export { fitIsolationForest } from './forest/isolation-forest';
export type { IsolationForestParameters } from './forest/isolation-forest';
export type {
  ElasticNetParameters,
  LinearParameters,
  RidgeParameters,
} from './linear/least-squares/least-squares.learners';
export type { PoissonParameters } from './linear/poisson/poisson.learner';
export { calibrate } from './calibration/calibrate';
export { applyCalibration, LEAST_PROBABILITY } from './calibration/calibration';
export type { Calibration } from './calibration/calibration';
export { fitCalibration } from './calibration/fit-calibration';
export { search } from './search/search';
export type { SearchOptions, SearchResult } from './search/search';
export type { Dimension, Point, SearchSpace } from './search/search-space';
export { Study } from './search/study';
export type { StudyOptions, StudyState, Trial } from './search/study';
export type { Split } from './selection/folds';
export { predictionLoss } from './selection/prediction-loss';
export { autoSelect } from './auto/auto-select';
export type { AutoOptions, AutoResult, AutoTry } from './auto/auto-select';
export { nestedCrossValidate } from './selection/nested-cross-validate';
export type { NestedCrossValidation } from './selection/nested-cross-validate';
export type { Cell } from './explain/cell';
export { counterfactuals } from './explain/counterfactuals';
export type { Counterfactual, CounterfactualOptions } from './explain/counterfactuals';
export { partialDependence } from './explain/partial-dependence';
export type { PartialDependence } from './explain/partial-dependence';
export { permutationImportance } from './explain/permutation-importance';
export type { InputImportance } from './explain/permutation-importance';
export type { BoostingCheckpoint, CheckpointControl } from './boosting/boosting-checkpoint';
export { fitImplicitAls, recommend } from './recommend/implicit-als';
export type { AlsParameters, Interactions, MatrixFactors } from './recommend/implicit-als';
export { fitForestInPool } from './pool/fit-forest-in-pool';
export type { PoolForest } from './pool/fit-forest-in-pool';
