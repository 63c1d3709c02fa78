import type { Action, Subject } from './actions';
import type { Caller, Principal } from './caller';

/** Authentication and authorisation from this service's own copy of the policy. Abstract class = injection token. */
export abstract class Access {
  /**
   * Proves a credential: `Bearer <JWT>`, `Bearer stw_<key>` or the bare key of an `x-api-key` header.
   * Throws AppErrors of kind `unauthenticated` that say what is wrong (expired, unknown key, bad signature), and
   * `ACCESS.POLICY_STALE` (unavailable) after 60 s without a policy heartbeat.
   */
  abstract authenticate(credential: string | undefined): Promise<Principal>;

  /** True if the principal may do this, in this project (null: installation-wide), to an object with these fields. */
  abstract can(
    principal: Principal,
    action: Action,
    subject: Subject,
    object: { readonly project: string | null } & Readonly<Record<string, unknown>>,
  ): boolean;

  /**
   * Throws unless the caller may: `ACCESS.NOT_FOUND` (not_found) where it may not even read the subject,
   * else `ACCESS.FORBIDDEN`. For decisions on an object's own fields; `@Can` covers the rest.
   */
  abstract require(
    caller: Caller,
    action: Action,
    subject: Subject,
    object: { readonly project: string | null } & Readonly<Record<string, unknown>>,
  ): void;
}
