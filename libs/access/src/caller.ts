import type { KeyScope } from './policy';

/** A proven identity and what it may do. */
export interface Principal {
  readonly id: string;
  readonly kind: 'person' | 'machine' | 'service';
  /** `project: null` means in every project. */
  readonly roles: readonly { readonly role: string; readonly project: string | null }[];
  /** What an API key with scopes is for; absent: all that the roles allow. */
  readonly scopes?: readonly KeyScope[];
  readonly credential: { readonly kind: 'token' | 'api-key' | 'internal'; readonly id: string };
}

/** Who calls, about what, from where: what use cases get instead of a request. */
export interface Caller {
  readonly principal: Principal;
  /** One id through the chain of causes: taken from `x-correlation-id` where it is a UUID, else new. */
  readonly correlation: string;
  /** The project in the route or message, or null. */
  readonly project: string | null;
  /** Network address, for the audit note; null for events. */
  readonly address: string | null;
}
