import { Injectable } from '@nestjs/common';
import type { Caller } from '@steward/access';
import type { UnitOfWork } from '@steward/database';
import type { GovernanceTables } from '../governance-tables';
import { SetSubjectTerm } from '../subject-requests/set-subject-term';
import { ConsentRepository } from './consent.repository';
import { bindingParts } from './processing-books';
import { ProcessingBooksRepository } from './processing-books.repository';

type Unit = UnitOfWork<GovernanceTables>;

/** What the books say at a moment: which purposes rest on consent, and which kinds of things pursue them. */
interface Pursued {
  readonly onConsent: ReadonlySet<string>;
  readonly bindings: readonly { readonly kind: string; readonly purposes: readonly string[] }[];
}

/**
 * Leaves a subject out of what is pursued for a withdrawn purpose that rests on consent: out of training where a dataset,
 * pipeline or model is bound to it, and out of predictions where a model or deployment is. Services keep one answer a
 * subject, not one a purpose: where purposes differ, the subject is left out of more.
 */
@Injectable()
export class FollowConsents {
  constructor(
    private readonly consents: ConsentRepository,
    private readonly books: ProcessingBooksRepository,
    private readonly terms: SetSubjectTerm,
  ) {}

  /** After a word of the subject. Returns the purposes resting on consent that it has withdrawn by now. */
  async ofSubject(unit: Unit, caller: Caller, project: string, pseudonym: string): Promise<string[]> {
    return this.follow(unit, caller, project, pseudonym, await this.pursued(unit, project));
  }

  /** After a change of the books: every subject that has ever withdrawn something. */
  async ofProject(unit: Unit, caller: Caller, project: string): Promise<void> {
    const pseudonyms = await this.consents.withdrawers(unit, project);
    if (pseudonyms.length === 0) return;
    const pursued = await this.pursued(unit, project);
    for (const pseudonym of pseudonyms) {
      await this.consents.lock(unit, project, pseudonym);
      await this.follow(unit, caller, project, pseudonym, pursued);
    }
  }

  private async pursued(unit: Unit, project: string): Promise<Pursued> {
    const purposes = await this.books.all(project, 'purpose', unit);
    const bindings = await this.books.all(project, 'binding', unit);
    return {
      onConsent: new Set(
        purposes.filter(({ content }) => content.lawfulBasis?.article === 'a').map(({ name }) => name),
      ),
      bindings: bindings.map(({ name, content }) => ({
        kind: bindingParts(name).kind,
        purposes: content.purposes,
      })),
    };
  }

  private async follow(
    unit: Unit,
    caller: Caller,
    project: string,
    pseudonym: string,
    { onConsent, bindings }: Pursued,
  ): Promise<string[]> {
    const withdrawn = (await this.consents.standing(project, pseudonym, unit))
      .filter(({ state, purpose }) => state === 'withdrawn' && onConsent.has(purpose))
      .map(({ purpose }) => purpose);
    const kinds = bindings
      .filter(({ purposes }) => purposes.some((purpose) => withdrawn.includes(purpose)))
      .map(({ kind }) => kind);
    const subject = { project, pseudonym, correlation: caller.correlation, actor: caller.principal.id };
    const because = 'consent-withdrawn';
    if (kinds.length === 0) {
      await this.terms.lift(unit, subject, because);
      return withdrawn;
    }
    const answers = kinds.some((kind) => kind === 'model' || kind === 'deployment');
    const inference = answers ? ('refused' as const) : ('allowed' as const);
    await this.terms.put(unit, subject, { because, training: false, inference }, null);
    return withdrawn;
  }
}
