import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LENDING, lendingContract } from '../batches/lending-contract.factory';
import { contractDigest, parseContract, readContractText } from './contract-document';
import { typeChanges } from './contract-rules';

const yaml = readFileSync(join(LENDING, 'contract.yaml'), 'utf8');
// A document that is wrong on purpose has no type.
// oxlint-disable-next-line typescript/no-explicit-any
type Loose = any;

const changed = (change: (contract: Record<string, never>) => void): unknown => {
  const document = readContractText(yaml) as Record<string, never>;
  change(document);
  return document;
};
const faultsOf = (document: unknown): string => {
  try {
    parseContract(document);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('contracts', () => {
  it('have a digest that layout and defaults do not change', () => {
    const json = JSON.stringify(lendingContract());
    expect(contractDigest(parseContract(readContractText(json)))).toBe(contractDigest(lendingContract()));
    const other = changed((contract) => Object.assign(contract, { decisionThreshold: 0.4 }));
    expect(contractDigest(parseContract(other))).not.toBe(contractDigest(lendingContract()));
  });

  it.each([
    [
      'names no label',
      (c: Loose) => (c.label.column = 'none'),
      'The label column "none" is not among the columns.',
    ],
    ['has a sensitive label', (c: Loose) => (c.label.column = 'afam'), 'must have class label'],
    [
      'favours neither',
      (c: Loose) => (c.label.favourable = 'perhaps'),
      'neither the positive nor the negative',
    ],
    ['has one outcome', (c: Loose) => (c.label.negative = 'yes'), 'are the same'],
    ['groups by a feature', (c: Loose) => (c.groups = ['single']), 'no column of class sensitive'],
    ['has a key that is not there', (c: Loose) => (c.key = ['id']), 'The key column "id" is not among'],
    [
      'names a column twice',
      (c: Loose) => c.columns.push({ ...c.columns[2], name: 'PIRAT' }),
      'occurs twice',
    ],
    ['uses our names', (c: Loose) => (c.columns[2].name = '_steward_row'), 'kept for Steward'],
    ['has a name that Delta cannot hold', (c: Loose) => (c.columns[2].name = 'a b'), 'must not hold spaces'],
    ['turns a range round', (c: Loose) => (c.columns[2].min = 11), 'min 11 above max 10'],
    ['gives a text a range', (c: Loose) => (c.columns[7].min = 1), 'min and max are for numbers'],
    [
      'lets a text rise',
      (c: Loose) => (c.columns[7].change = 'rises'),
      'only numbers and times rise or fall',
    ],
    ['has a numeric identifier', (c: Loose) => (c.columns[0].type = 'number'), 'must be a string'],
    [
      'normalises a feature',
      (c: Loose) => (c.columns[7].normalise = ['trim']),
      'normalise is for identifiers',
    ],
    ['has no probability', (c: Loose) => (c.decisionThreshold = 2), 'is no probability'],
    ['knows a key that is not ours', (c: Loose) => (c.colums = []), 'Unrecognized key'],
    ['is no object', () => undefined, ''],
  ])('are refused with a sentence where one %s', (_name, change, sentence) => {
    expect(faultsOf(changed(change as never))).toContain(sentence);
  });

  it('are refused as text where they would not end well', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${Array.from(
      { length: 9 },
      (_, at) =>
        `b${at}: &b${at} [${Array(9)
          .fill(at === 0 ? '*a' : `*b${at - 1}`)
          .join(',')}]`,
    ).join('\n')}`;
    for (const text of ['{', 'a: 1\na: 2', bomb, `x: ${'y'.repeat(1024 * 1024)}`]) {
      expect(() => readContractText(text)).toThrow(
        expect.objectContaining({ code: 'INGESTION.CONTRACT_INVALID' }),
      );
    }
    for (const document of [null, 3, 'text', [], {}])
      expect(faultsOf(document)).toContain('The contract is not valid');
  });

  it('may not change the type of a column', () => {
    const number = parseContract(changed((c: Loose) => (c.columns[5].type = 'number')));
    expect(typeChanges([lendingContract()], number)).toEqual([
      'Column "chist" was integer "chist" in an earlier version and cannot become number "chist".',
    ]);
    expect(typeChanges([lendingContract()], lendingContract())).toEqual([]);
  });
});
