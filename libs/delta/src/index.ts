export { isDeltaColumnName } from './delta-schema';
export { DeltaTables } from './delta-table';
export type {
  DeltaAppend,
  DeltaCommit,
  DeltaSnapshot,
  DeltaUpdate,
  FileErasure,
  RowMatch,
  RowsUpTo,
} from './delta-table';
export { SystemColumns } from './delta-types';
export type { DeltaField, DeltaRows, DeltaSchema, DeltaType } from './delta-types';
export { DeltaModule } from './delta.module';
export { ObjectStoreDeltaTables } from './object-store-delta-tables';
