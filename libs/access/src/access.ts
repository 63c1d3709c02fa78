import type { Action, Subject } from './actions';
import type { Caller, Principal } from './caller';
import type { UnknownFields } from './ability';
import type { Credential } from './session-cookie';

/** Authentication and authorisation from this service's own copy of the policy. Abstract class = injection token. */
export abstract class Access {
  /**
   * Proves a credential: `Bearer <JWT>`, `Bearer stw_<key>`, the bare key of an `x-api-key` header, or a browser's
   * session, whose CSRF token must be there unless the method changes nothing (`ACCESS.CSRF`, forbidden).
   * Throws AppErrors of kind `unauthenticated` that say what is wrong (expired, unknown key, bad signature), and
   * `ACCESS.POLICY_STALE` (unavailable) after 15 minutes without a policy heartbeat, and after 60 s for tokens that
   * were made in the meantime.
   */
  abstract authenticate(credential: Credential | undefined): Promise<Principal>;

  /** True if the principal may do this, in this project (null: installation-wide), to an object with these fields. */
  abstract can(
    principal: Principal,
    action: Action,
    subject: Subject,
    object: { readonly project: string | null } & Readonly<Record<string, unknown>>,
  ): boolean;

  /**
   * All that the principal may, as CASL rules packed by `packRules` of `@casl/ability/extra`, prohibitions last. For a
   * console that shows and hides by the same rules; what counts is each service's own decision.
   */
  abstract rulesOf(principal: Principal): unknown[];

  /**
   * Throws unless the caller may: `ACCESS.NOT_FOUND` (not_found) where it may not even read the subject,
   * else `ACCESS.FORBIDDEN`. Both say in their details what was asked, so that it can be explained. For decisions on an
   * object's own fields; `@Can` covers the rest.
   * A rule's condition on a field that `object` does not have counts as not met (and a prohibition as met), unless
   * `unknown` is `open`: then whoever knows the object must ask again with all its fields.
   * After 60 s without a policy heartbeat it throws `ACCESS.POLICY_STALE` (unavailable) for what changes state or
   * shows personal data; predictions and other reads go on for 15 minutes.
   */
  abstract require(
    caller: Caller,
    action: Action,
    subject: Subject,
    object: { readonly project: string | null } & Readonly<Record<string, unknown>>,
    unknown?: UnknownFields,
  ): void;

  /**
   * Throws `ACCESS.FORBIDDEN` unless the caller may do this to some object of this type, in whatever project. For
   * lists over projects, whose handler then leaves out what {@link Access.can} refuses. Stale policy: as in require.
   */
  abstract requireSomewhere(caller: Caller, action: Action, subject: Subject): void;

  /**
   * Throws `ACCESS.NOT_FOUND` for an unknown project, `ACCESS.PROJECT_ARCHIVED` for a change in an archived one. `subject`
   * is told with the refusal.
   */
  abstract requireProject(project: string, action: Action, subject: Subject): void;
}
