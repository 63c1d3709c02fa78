import { Injectable } from '@nestjs/common';
import { errors } from '@steward/kernel';
import { SubjectProcessing } from '@steward/subjects';
import type { Tensor } from '../infer/tensor';

/** Rows that a refusal names; the rest are counted. */
const NAMED = 20;

/** Refuses requests about subjects who do not allow an automated decision (GDPR 18, 21, 7(3), 17). */
@Injectable()
export class RequireSubjectsAllow {
  constructor(private readonly processing: SubjectProcessing) {}

  /**
   * Throws INFERENCE.SUBJECT_REFUSED where data of a subject may not be processed, INFERENCE.SUBJECT_NEEDS_PERSON where
   * a person has to decide about it. The rows are named, pseudonyms are not repeated.
   */
  require(tensors: readonly Tensor[], subject: string | undefined): void {
    if (subject !== undefined) this.requireOne(subject);
    for (const tensor of tensors) {
      if (tensor.name === 'subject' && tensor.texts) this.requireRows(tensor.texts);
    }
  }

  private requireOne(subject: string): void {
    const terms = this.processing.of(subject);
    if (terms && terms.inference !== 'allowed') throw refusal(terms.inference, null);
  }

  private requireRows(subjects: readonly string[]): void {
    const refused: number[] = [];
    const person: number[] = [];
    for (const [row, subject] of subjects.entries()) {
      const inference = this.processing.of(subject)?.inference ?? 'allowed';
      if (inference === 'refused') refused.push(row);
      else if (inference === 'person') person.push(row);
    }
    if (refused.length > 0) throw refusal('refused', refused);
    if (person.length > 0) throw refusal('person', person);
  }
}

function refusal(inference: 'refused' | 'person', rows: readonly number[] | null): Error {
  const which = rows ? `The subject of ${rows.length} rows` : 'The subject';
  const details = rows ? { rows: rows.slice(0, NAMED), count: rows.length } : {};
  return inference === 'refused'
    ? errors.conflict(
        'INFERENCE.SUBJECT_REFUSED',
        `${which} does not allow that its data be processed: leave it out of the request.`,
        { details },
      )
    : errors.conflict(
        'INFERENCE.SUBJECT_NEEDS_PERSON',
        `${which} objected to automated decisions: leave it out, and have a person decide.`,
        { details },
      );
}
