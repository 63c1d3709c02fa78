import {
  createParamDecorator,
  SetMetadata,
  type CustomDecorator,
  type ExecutionContext,
} from '@nestjs/common';
import type { Action, Subject } from './actions';
import type { Caller } from './caller';

export const CAN = 'steward:can';
export const PUBLIC = 'steward:public';
export const SIGNED_IN = 'steward:signed-in';

export interface CanRule {
  readonly action: Action;
  readonly subject: Subject;
  /** Where the project's name stands: route parameter or message field. Default `project`; null: not in a project. */
  readonly project: string | null;
  /** True: the entry spans projects. It is open to whom may do this in at least one; the handler filters by `Access.can`. */
  readonly anyProject: boolean;
  /** True: the handler asks again with the object's own fields (`Access.require` or `can`), so the entry leaves those open. */
  readonly refined: boolean;
}

/**
 * The access decision of a route or RPC. Who may not act gets 403, or 404 where he may not even read the subject.
 * Every handler carries this, {@link SignedIn} or {@link PublicEndpoint}; `npm run check` and the application's start refuse one without.
 */
export const Can = (
  action: Action,
  subject: Subject,
  options: { project?: string | null; anyProject?: boolean; refined?: boolean } = {},
): CustomDecorator =>
  SetMetadata(CAN, {
    action,
    subject,
    project: options.anyProject ? null : options.project === undefined ? 'project' : options.project,
    anyProject: options.anyProject ?? false,
    refined: options.refined ?? false,
  } satisfies CanRule);

/** An entry for everybody with a valid credential, whatever the roles, with the reason why (say, who am I). */
export const SignedIn = (reason: string): CustomDecorator => SetMetadata(SIGNED_IN, reason);

/** An entry that anybody may call, with the reason why. */
export const PublicEndpoint = (reason: string): CustomDecorator => SetMetadata(PUBLIC, reason);

/** Injects the {@link Caller} into an HTTP handler; on a public entry it is the anonymous one ({@link ANONYMOUS}). */
export const FromCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const request = context.switchToHttp().getRequest<{ caller?: Caller }>();
  if (!request.caller) throw new Error('FromCaller is used on an entry that the access guard did not pass.');
  return request.caller;
});
