export { DeltaTables } from './delta-table';
export type { DeltaSnapshot } from './delta-table';
export { SystemColumns } from './delta-types';
export type { DeltaField, DeltaRows, DeltaSchema, DeltaType } from './delta-types';
