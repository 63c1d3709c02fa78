import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseContract, readContractText } from '../contracts/contract-document';

/** The example that the demo runs on. For tests. */
export const LENDING = join(__dirname, '../../../../examples/lending');
export const lendingContract = () =>
  parseContract(readContractText(readFileSync(join(LENDING, 'contract.yaml'), 'utf8')));
