import { Injectable } from '@nestjs/common';
import { Database } from '@steward/database';
import { sha256 } from '@steward/kernel';
import {
  SubjectParticipation,
  type Appearance,
  type ErasureJournal,
  type ErasureOutcome,
  type HeldTable,
  type TaskSubject,
} from '@steward/subjects';
import { BatchRepository } from '../batches/batch.repository';
import type { IngestionTables } from '../ingestion-tables';
import { PredictionRowRepository } from '../labelled/prediction-row.repository';
import { RectificationRepository } from '../rectification/rectification.repository';
import { SubjectRepository } from '../subjects/subject.repository';
import { EraseDataset } from './erase-dataset';
import { EraseQuarantine } from './erase-quarantine';
import { GatherSubject } from './gather-subject';

/** What ingestion does for data subjects. */
@Injectable()
export class IngestionSubjects extends SubjectParticipation {
  constructor(
    private readonly database: Database<IngestionTables>,
    private readonly subjects: SubjectRepository,
    private readonly predictions: PredictionRowRepository,
    private readonly rectifications: RectificationRepository,
    private readonly batches: BatchRepository,
    private readonly datasets: EraseDataset,
    private readonly quarantine: EraseQuarantine,
    private readonly gathering: GatherSubject,
  ) {
    super();
  }

  /** The key first: from then on no copy of an identifier can be read, whatever happens to the rest. */
  async erase(subject: TaskSubject, journal: ErasureJournal): Promise<ErasureOutcome> {
    await this.destroyLink(subject, journal);
    await this.erasePredictions(subject, journal);
    const appearances: Appearance[] = [];
    for (const { project, dataset } of await this.batches.datasets()) {
      if (project !== subject.project) continue;
      const found = await this.datasets.execute(subject, dataset, journal);
      if (found) appearances.push(found);
    }
    const hmac = (await journal.remembered())?.['hmac'];
    const names = new Set([subject.pseudonym, ...(typeof hmac === 'string' ? [hmac] : [])]);
    const remaining = await this.quarantine.execute(subject.project, names, journal);
    return { remaining, appearances };
  }

  gather(subject: TaskSubject): Promise<readonly HeldTable[]> {
    return this.gathering.execute(subject);
  }

  private async destroyLink({ project, pseudonym }: TaskSubject, journal: ErasureJournal): Promise<void> {
    const held = await this.subjects.held(project, pseudonym);
    if (!held) return;
    // Refused records are marked with it; the note goes with the end of the erasure.
    await journal.remember({ hmac: held.hmac });
    const part = { newDigest: null, items: 1 };
    await journal.record({
      store: 'subject-key',
      name: 'ingestion.subject_keys',
      oldDigest: sha256(held.wrappedKey),
      ...part,
    });
    await journal.record({
      store: 'subject-link',
      name: 'ingestion.subjects',
      oldDigest: sha256(held.hmac),
      ...part,
    });
    await this.database.transaction((unit) => this.subjects.destroy(unit, pseudonym));
  }

  private async erasePredictions(subject: TaskSubject, journal: ErasureJournal): Promise<void> {
    const { project, pseudonym } = subject;
    const held = await this.predictions.ofSubject(project, pseudonym);
    if (held.length > 0)
      await journal.record({
        store: 'prediction-rows',
        name: 'ingestion.prediction_rows',
        oldDigest: null,
        newDigest: null,
        items: held.length,
      });
    await this.database.transaction(async (unit) => {
      await this.predictions.eraseSubject(unit, project, pseudonym);
      await this.rectifications.forget(unit, project, pseudonym);
    });
  }
}
