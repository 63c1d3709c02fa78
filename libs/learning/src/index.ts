export type { LinearModel } from './linear/linear-model';
export type {
  FittedEncoder,
  FittedPipeline,
  FittedPredictor,
  PipelineInput,
} from './pipeline/fitted-pipeline';
export type {
  BooleanColumn,
  CategoricalColumn,
  Column,
  NumericColumn,
  Table,
  TimeColumn,
} from './table/table';
export type { TreeEnsemble } from './trees/tree-ensemble';
