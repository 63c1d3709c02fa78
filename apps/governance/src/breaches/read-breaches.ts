import { Injectable } from '@nestjs/common';
import { ArtifactStore } from '@steward/artifacts';
import { Clock, errors } from '@steward/kernel';
import { DEFAULT_SETTINGS, SETTINGS } from '../records/processing-books';
import { ProcessingBooksRepository } from '../records/processing-books.repository';
import { breachNotFound, clockOf, type AuditedExposure, type Breach } from './breach';
import { BreachRepository } from './breach.repository';
import { notificationDraft } from './notification-draft';

/** A breach as people see it. */
export type BreachView = Breach & ReturnType<typeof clockOf>;

/** Breaches for people to look at: clock, exposure, subjects, drafts. */
@Injectable()
export class ReadBreaches {
  constructor(
    private readonly breaches: BreachRepository,
    private readonly books: ProcessingBooksRepository,
    private readonly artifacts: ArtifactStore,
    private readonly clock: Clock,
  ) {}

  async list(project: string, limit: number, after: string | null): Promise<BreachView[]> {
    return (await this.breaches.list({ project, limit, after })).map((breach) => this.view(breach));
  }

  async get(project: string, id: string): Promise<BreachView & { audited: AuditedExposure }> {
    const breach = await this.require(project, id);
    return { ...this.view(breach), audited: await this.breaches.audited(breach) };
  }

  /** Pseudonyms of all who may be concerned: on rows that ingestion holds, and named by audit entries. */
  async subjects(project: string, id: string): Promise<string[]> {
    const breach = await this.require(project, id);
    if (!breach.exposure)
      throw errors.conflict(
        'GOVERNANCE.EXPOSURE_PENDING',
        'Ingestion has not answered yet. Try again in a moment.',
        { retriable: true },
      );
    const held = JSON.parse(
      (await this.artifacts.read(breach.exposure.subjectsDigest)).toString('utf8'),
    ) as string[];
    const { subjects } = await this.breaches.audited(breach);
    return [...new Set([...held, ...subjects])].sort();
  }

  async draft(project: string, id: string) {
    const breach = await this.require(project, id);
    const settings = (await this.books.current(project, 'settings', SETTINGS))?.content ?? DEFAULT_SETTINGS;
    return notificationDraft(breach, await this.breaches.audited(breach), settings, this.clock.now());
  }

  private view(breach: Breach): BreachView {
    return { ...breach, ...clockOf(breach, this.clock.now()) };
  }

  private async require(project: string, id: string): Promise<Breach> {
    const breach = await this.breaches.find(project, id);
    if (!breach) throw breachNotFound(id);
    return breach;
  }
}
