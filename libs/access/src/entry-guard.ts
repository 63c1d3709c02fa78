import { Injectable } from '@nestjs/common';
import { AppError, errors, isName } from '@steward/kernel';
import { Access } from './access';
import { entryFieldsOf } from './condition-fields';
import type { Caller, Principal } from './caller';
import { CredentialUse } from './credential-use';
import type { EntryDecision } from './entry-decision';
import { RefusalTrail } from './refusal-trail';
import type { Credential } from './session-cookie';

/** Who calls a public entry without saying who he is. */
export const ANONYMOUS: Principal = Object.freeze<Principal>({
  id: 'anonymous',
  kind: 'person',
  roles: [],
  credential: { kind: 'internal', id: 'none' },
});

/** A call as any transport sees it, before anything is known of the caller. */
export interface EntryCall {
  /** `POST /v1/projects/:project/runs` or `/steward.training.v1.TrainingService/StartRun`. */
  readonly entry: string;
  readonly decision: EntryDecision | null;
  readonly credential: Credential | undefined;
  readonly correlation: string;
  readonly address: string | null;
  /** The value of the field or parameter of this name (a path with dots for nested fields). */
  readonly field: (name: string) => unknown;
}

/** The one way in, whatever the transport: decides on a call and makes its {@link Caller}. Deny by default. */
@Injectable()
export class EntryGuard {
  constructor(
    private readonly access: Access,
    private readonly refusals: RefusalTrail,
    private readonly keys: CredentialUse,
  ) {}

  /** Throws the AppError of the refusal, and has it audited (within bounds). */
  async admit(call: EntryCall): Promise<Caller> {
    let caller: Caller = {
      principal: ANONYMOUS,
      correlation: call.correlation,
      project: null,
      address: call.address,
    };
    try {
      const { decision } = call;
      if (!decision) throw undecided(call.entry);
      if (decision.kind === 'public') return caller;
      const principal = await this.access.authenticate(call.credential);
      caller = { ...caller, principal };
      if (principal.credential.kind === 'api-key') this.keys.note(principal.credential.id);
      if (decision.kind === 'signed-in') return caller;
      if (decision.anyProject) this.access.requireSomewhere(caller, decision.action, decision.subject);
      else caller = this.requireInProject(call, caller, decision);
      return caller;
    } catch (error) {
      if (AppError.is(error)) this.refusals.note(caller, call.entry, error);
      throw error;
    }
  }

  private requireInProject(
    call: EntryCall,
    caller: Caller,
    decision: Extract<EntryDecision, { kind: 'can' }>,
  ): Caller {
    const { action, subject } = decision;
    const project = decision.project === null ? null : projectOf(call, decision.project);
    const placed = { ...caller, project };
    if (project !== null) this.access.requireProject(project, action, subject);
    const fields = fieldsOf(call, entryFieldsOf(subject));
    const unknown = decision.refined ? 'open' : 'closed';
    this.access.require(placed, action, subject, { ...fields, project }, unknown);
    return placed;
  }
}

/** What the route or message says of the object. An empty text is how a message says nothing. */
function fieldsOf(call: EntryCall, names: readonly string[]): Record<string, string> {
  const found = names.map((name) => [name, call.field(name)] as const);
  return Object.fromEntries(
    found.filter((pair): pair is [string, string] => typeof pair[1] === 'string' && pair[1] !== ''),
  );
}

function projectOf(call: EntryCall, name: string): string {
  const value = call.field(name);
  if (isName(value)) return value;
  throw errors.invalid(
    'ACCESS.PROJECT_MISSING',
    `Name the project in ${name}: lower-case letters, digits and hyphens, at most 63.`,
  );
}

function undecided(entry: string): AppError {
  return errors.forbidden('ACCESS.UNDECIDED', `${entry} is closed: nobody has decided who may call it.`);
}
