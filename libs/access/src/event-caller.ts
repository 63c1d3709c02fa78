import { Services, type EventEnvelope, type ServiceName } from '@steward/contracts';
import type { Caller } from './caller';

/**
 * The caller for work that an event causes: its actor and correlation go on, so that the chain leads back to the person
 * at its root. It holds no roles: what an event may cause is decided by which topics a service consumes, not by a
 * role. The envelope does not say whether the actor is a person or a machine; the audit trail looks that up.
 */
export function callerFromEvent(event: Pick<EventEnvelope, 'actor' | 'correlation' | 'project'>): Caller {
  const isService = (Services as readonly string[]).includes(event.actor);
  return {
    principal: {
      id: event.actor,
      kind: isService ? 'service' : 'person',
      roles: [],
      credential: { kind: 'internal', id: 'event' },
    },
    correlation: event.correlation,
    project: event.project,
    address: null,
  };
}

/** The caller for work that a service starts by itself (a schedule, its own start): the service is the actor. */
export function callerOfService(service: ServiceName, correlation: string, project: string | null): Caller {
  return {
    principal: { id: service, kind: 'service', roles: [], credential: { kind: 'internal', id: service } },
    correlation,
    project,
    address: null,
  };
}
