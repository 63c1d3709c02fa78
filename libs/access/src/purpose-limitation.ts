import { Injectable } from '@nestjs/common';
import { errors } from '@steward/kernel';
import type { PolicyProcessing, ProcessingBinding, ProcessingKind } from './policy';
import { PolicyCache } from './policy-cache';

/** A thing that is about to be processed. */
export interface ProcessingUse {
  readonly kind: ProcessingKind;
  readonly name: string;
  /** True: in a project that requires purposes this one must be bound. Default true. */
  readonly required?: boolean;
}

/**
 * Why a processing is not lawful for the books, or null (GDPR Art. 5(1)(b), 6): a thing is bound to a purpose without
 * a lawful basis, bound to none although the project requires it, or used for a purpose that what it is made from was
 * not collected for. `uses` go from the source on: each later one that is bound must keep to the purposes of each
 * earlier one that is bound. Null for a project of which nothing is known, because purposes are opt-in.
 */
export function purposeRefusal(
  state: PolicyProcessing | undefined,
  uses: readonly ProcessingUse[],
): { readonly code: string; readonly kind: ProcessingKind; readonly name: string } | null {
  if (!state) return null;
  const before: ProcessingBinding[] = [];
  for (const { kind, name, required = true } of uses) {
    const bound = state.bindings.find((each) => each.kind === kind && each.name === name);
    if (!bound || bound.purposes.length === 0) {
      if (state.purposeRequired && required) return { code: 'NO_PURPOSE', kind, name };
      continue;
    }
    if (bound.refusal !== null) return { code: bound.refusal, kind, name };
    const strays = before.some((source) => bound.purposes.some((each) => !source.purposes.includes(each)));
    if (strays) return { code: 'OTHER_PURPOSE', kind, name };
    before.push(bound);
  }
  return null;
}

/** Holds what a service does to the purposes that governance has in its books, from the service's own copy. */
@Injectable()
export class PurposeLimitation {
  constructor(private readonly policy: PolicyCache) {}

  /** Throws `ACCESS.PURPOSE_<code>` (conflict) where {@link purposeRefusal} finds something. */
  require(project: string, uses: readonly ProcessingUse[]): void {
    const refusal = purposeRefusal(this.policy.current.processing.get(project), uses);
    if (!refusal) return;
    const { code, kind, name } = refusal;
    throw errors.conflict(`ACCESS.PURPOSE_${code}`, `${SENTENCES[code] ?? OTHER} (${kind} ${name})`, {
      details: { kind, name },
    });
  }
}

const OTHER = 'The record of processing does not allow this: see the purposes that it is bound to.';
const SENTENCES: Readonly<Record<string, string>> = {
  NO_PURPOSE: 'In this project everything is bound to a purpose, and this is bound to none. Bind it first.',
  OTHER_PURPOSE: 'It is bound to a purpose that its source was not collected for.',
  UNKNOWN: 'It is bound to a purpose that is not in the record of processing.',
  RETIRED: 'It is bound to a purpose that is no longer pursued.',
  NO_LAWFUL_BASIS: 'It is bound to a purpose without a lawful basis (GDPR Art. 6(1)).',
  NO_CONDITION:
    'It is bound to a purpose with special categories of data and no condition for one (GDPR Art. 9(2)).',
};
