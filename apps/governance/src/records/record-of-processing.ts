import type { ProcessingKind } from '@steward/access';
import type { ContractColumn, DatasetContract, ModelDescriptor } from '@steward/contracts';
import { bindingParts, type BookEntry, type ProcessingSettings } from './processing-books';
import type { Fact } from './processing-books.repository';
import type { PurposeRecord } from './purpose-record';

/** Something that is bound to purposes, with what the services told of it. */
export interface BoundObject {
  readonly kind: ProcessingKind;
  readonly name: string;
  readonly purposes: readonly string[];
  /** Datasets: the columns of the newest contract, by class. */
  readonly columns: readonly Pick<ContractColumn, 'name' | 'class'>[];
  /** Datasets: rows of the newest version. Null: nothing is known of it. */
  readonly rows: number | null;
  /** Models: the newest version, the dataset that it was made of, and its figures. */
  readonly model: {
    readonly version: number;
    readonly digest: string;
    readonly dataset: string;
    readonly datasetVersion: number;
    readonly metrics: Readonly<Record<string, number | null>>;
  } | null;
}

export interface RecordedPurpose extends PurposeRecord {
  readonly purpose: string;
  readonly version: number;
  readonly changedAt: string;
  /** Names of the columns of the bound datasets. */
  readonly dataCategories: readonly string[];
  readonly bound: readonly Omit<BoundObject, 'purposes'>[];
}

/** What is missing in the record, and who owes it. */
export interface RecordGap {
  readonly about: string;
  readonly missing: string;
  readonly owedBy: 'privacy-officer' | 'data-engineer' | 'ml-engineer';
}

/** The record of processing of a project (GDPR Art. 30(1)). `digest`: over all but the time. */
export interface RecordOfProcessing extends ProcessingSettings {
  readonly project: string;
  readonly generatedAt: string;
  readonly digest: string;
  readonly purposes: readonly RecordedPurpose[];
  readonly recipientsInside: readonly { readonly role: string; readonly people: number }[];
  readonly securityMeasures: readonly { readonly measure: string; readonly shownBy: string }[];
  readonly gaps: readonly RecordGap[];
}

/** Joins the bindings with the newest facts of what they name. */
export function boundObjects(
  bindings: readonly BookEntry<'binding'>[],
  facts: readonly Fact[],
): BoundObject[] {
  const of = (kind: Fact['kind'], name: string): Fact['facts'] | undefined =>
    facts.find((fact) => fact.kind === kind && fact.name === name)?.facts;
  return bindings
    .filter(({ content }) => content.purposes.length > 0)
    .map(({ name: entry, content }) => {
      const { kind, name } = bindingParts(entry);
      const contract = kind === 'dataset' ? of('contract', name) : undefined;
      const held = kind === 'dataset' ? of('dataset-version', name) : undefined;
      const made = kind === 'model' || kind === 'deployment' ? of('model-version', name) : undefined;
      return {
        kind,
        name,
        purposes: content.purposes,
        columns: contract ? columnsOf(contract['contract'] as DatasetContract) : [],
        rows: held ? (held['rows'] as number) : null,
        model: made ? modelOf(made) : null,
      };
    });
}

const columnsOf = ({ columns }: DatasetContract): BoundObject['columns'] =>
  columns.map(({ name, class: columnClass }) => ({ name, class: columnClass }));

function modelOf(facts: Fact['facts']): BoundObject['model'] {
  const { version, digest, dataset, datasetVersion } = facts['descriptor'] as ModelDescriptor;
  const metrics = facts['metrics'] as Record<string, number | null>;
  return { version, digest, dataset, datasetVersion, metrics };
}
