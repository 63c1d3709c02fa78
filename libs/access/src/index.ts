export { Access } from './access';
export { Actions, Subjects } from './actions';
export type { Action, Subject } from './actions';
export { AuditTrail } from './audit-trail';
export type { AuditFact, CauseOfEvent } from './audit-trail';
export type { Caller, Principal } from './caller';
export { Can, CAN, FromCaller, PUBLIC, PublicEndpoint } from './decorators';
export type { CanRule } from './decorators';
