import { type BinnedData, binFeatures } from '../binning/binned-data';
import type { BinSource } from '../binning/bin-cache';
import type { Table } from '../table/table';
import { featureColumns } from './encode';
import type { FittedEncoding } from './fit-encoders';

/** The bins of a training table, from a source that has them already where the encoders make the same features of it. */
export function binTable(
  table: Table,
  { encoders, trained }: FittedEncoding,
  maxBins: number,
  bins?: BinSource,
): BinnedData {
  const make = (): BinnedData => binFeatures(featureColumns(encoders, table, trained), maxBins);
  // Cross-fitted features of training rows are more than their encoders say.
  if (!bins || trained.size > 0) return make();
  return bins(JSON.stringify([maxBins, encoders]), make);
}
