import { Injectable } from '@nestjs/common';
import { Database } from '@steward/database';
import {
  heldTable,
  SubjectParticipation,
  type ErasureJournal,
  type ErasureOutcome,
  type HeldTable,
  type TaskSubject,
} from '@steward/subjects';
import { SubjectRowRepository } from './subject-row.repository';

/** What monitoring does for data subjects: members of windows become figures that lead to nobody. */
@Injectable()
export class MonitoringSubjects extends SubjectParticipation {
  constructor(
    private readonly database: Database,
    private readonly rows: SubjectRowRepository,
  ) {
    super();
  }

  async erase({ project, pseudonym }: TaskSubject, journal: ErasureJournal): Promise<ErasureOutcome> {
    const held = await this.rows.of(project, pseudonym);
    if (held.length > 0)
      await journal.record({
        store: 'window-rows',
        name: 'monitoring.window_row',
        oldDigest: null,
        newDigest: null,
        items: held.length,
      });
    await this.database.transaction((unit) => this.rows.anonymise(unit, project, pseudonym));
    return {
      remaining: [
        {
          store: 'window-members',
          name: 'lists of the predictions that a judged window counted (artifacts)',
          why: 'Random numbers of predictions: once their telemetry is gone they lead to nothing. Windows and outcomes that came before their prediction hold no subject.',
          until: null,
        },
      ],
    };
  }

  async gather({ project, pseudonym }: TaskSubject): Promise<readonly HeldTable[]> {
    const rows = await this.rows.of(project, pseudonym);
    if (rows.length === 0) return [];
    return [
      heldTable(
        {
          name: 'watched',
          description: 'Decisions about you that are watched for drift and for fairness between groups.',
          origin: 'derived',
        },
        {
          prediction: 'Number of the decision.',
          monitor: 'Who watched.',
          model: 'The model that decided.',
          modelVersion: 'Its version.',
          score: 'The probability that it computed.',
          label: 'The decision.',
          groups: 'Protected attributes that were sent along, as JSON.',
          outcome: 'What really happened, where it is known.',
          openedAt: 'When the watched period began (UTC).',
        },
        rows.map((row) => ({ ...row, groups: JSON.stringify(row.groups) })),
      ),
    ];
  }
}
