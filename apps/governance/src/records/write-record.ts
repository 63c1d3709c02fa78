import { Injectable } from '@nestjs/common';
import { canonicalJson } from '@steward/audit-log';
import { Clock, sha256 } from '@steward/kernel';
import { DEFAULT_SETTINGS, SETTINGS, type BookEntry } from './processing-books';
import {
  ProcessingBooksRepository,
  ProcessingFactRepository,
  type Fact,
} from './processing-books.repository';
import { recordGaps } from './record-gaps';
import {
  boundObjects,
  type BoundObject,
  type RecordedPurpose,
  type RecordOfProcessing,
} from './record-of-processing';
import { SECURITY_MEASURES } from './security-measures';

/** Generates the record of processing (GDPR Art. 30(1)) from the books and from what the services told. */
@Injectable()
export class WriteRecord {
  constructor(
    private readonly books: ProcessingBooksRepository,
    private readonly facts: ProcessingFactRepository,
    private readonly clock: Clock,
  ) {}

  async write(project: string): Promise<RecordOfProcessing> {
    const settings = await this.books.current(project, 'settings', SETTINGS);
    const objects = boundObjects(await this.books.all(project, 'binding'), await this.gather(project));
    const purposes = (await this.books.all(project, 'purpose')).map((entry) => recorded(entry, objects));
    const { controller, representative, dataProtectionOfficer, purposeRequired } =
      settings?.content ?? DEFAULT_SETTINGS;
    const content = {
      project,
      controller,
      representative,
      dataProtectionOfficer,
      purposeRequired,
      purposes,
      recipientsInside: await this.facts.peopleByRole(project),
      securityMeasures: SECURITY_MEASURES,
    };
    const gaps = recordGaps(content, objects);
    const digest = sha256(canonicalJson({ ...content, gaps }));
    return { ...content, gaps, generatedAt: this.clock.iso(), digest };
  }

  private async gather(project: string): Promise<readonly Fact[]> {
    const kinds = ['contract', 'dataset-version', 'model-version'] as const;
    return (await Promise.all(kinds.map((kind) => this.facts.newest(project, kind)))).flat();
  }
}

function recorded(
  { name, version, content, changedAt }: BookEntry<'purpose'>,
  objects: readonly BoundObject[],
): RecordedPurpose {
  const bound = objects.filter(({ purposes }) => purposes.includes(name));
  const categories = new Set(bound.flatMap(({ columns }) => columns.map((column) => column.name)));
  return {
    ...content,
    purpose: name,
    version,
    changedAt,
    dataCategories: [...categories].sort(),
    bound: bound.map(({ purposes: _purposes, ...rest }) => rest),
  };
}
