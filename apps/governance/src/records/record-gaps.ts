import type { BoundObject, RecordedPurpose, RecordGap, RecordOfProcessing } from './record-of-processing';

/** What Art. 30 asks for and the books do not hold yet. An empty list: the record is whole as far as it can be seen. */
export function recordGaps(
  record: Pick<RecordOfProcessing, 'controller' | 'purposes'>,
  objects: readonly BoundObject[],
): RecordGap[] {
  const officer = (about: string, missing: string): RecordGap => ({
    about,
    missing,
    owedBy: 'privacy-officer',
  });
  return [
    ...(record.controller ? [] : [officer('the project', 'who the controller is')]),
    ...(record.purposes.length > 0 ? [] : [officer('the project', 'any purpose')]),
    ...record.purposes
      .filter(({ state }) => state === 'active')
      .flatMap((purpose) =>
        purposeGaps(purpose).map((missing) => officer(`purpose ${purpose.purpose}`, missing)),
      ),
    ...objects.filter(unknown).map(({ kind, name }) => ({
      about: `${kind} ${name}`,
      missing: 'a contract that says what it holds',
      owedBy: 'data-engineer' as const,
    })),
  ];
}

function purposeGaps({
  lawfulBasis,
  specialCategories,
  subjectCategories,
  retention,
  bound,
}: RecordedPurpose): string[] {
  const sensitive = bound
    .flatMap(({ columns }) => columns)
    .filter((column) => column.class === 'sensitive')
    .map(({ name }) => name);
  const faults: [boolean, string][] = [
    [lawfulBasis === null, 'a lawful basis (Art. 6(1))'],
    [
      specialCategories.some(({ condition }) => condition === null),
      'a condition for special categories (Art. 9(2))',
    ],
    [
      sensitive.length > 0 && specialCategories.length === 0,
      `a word on whether its sensitive columns are special categories (Art. 9): ${[...new Set(sensitive)].join(', ')}`,
    ],
    [subjectCategories.length === 0, 'categories of data subjects'],
    [retention.length === 0, 'how long the data are kept'],
    [bound.length === 0, 'what is processed for it'],
  ];
  return faults.filter(([missing]) => missing).map(([, what]) => what);
}

const unknown = ({ kind, columns }: BoundObject): boolean => kind === 'dataset' && columns.length === 0;
