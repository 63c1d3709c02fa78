import { Injectable } from '@nestjs/common';
import type { UnitOfWork } from '@steward/database';
import { handled, type HandlerResult } from '@steward/messaging';
import type { GovernanceTables } from '../governance-tables';
import { ProcessingFactRepository, type Fact } from './processing-books.repository';

/** Keeps what another service told of something that is processed. */
@Injectable()
export class KeepFacts {
  constructor(private readonly facts: ProcessingFactRepository) {}

  async keep(
    unit: UnitOfWork<GovernanceTables>,
    { project, time }: { readonly project: string | null; readonly time: string },
    fact: Pick<Fact, 'kind' | 'name' | 'version'> & { readonly facts: object },
  ): Promise<HandlerResult> {
    if (project === null) return handled.drop('It belongs to no project.');
    const facts = fact.facts as Fact['facts'];
    await this.facts.put(unit, { ...fact, facts, project, at: time });
    return handled.ok;
  }
}
