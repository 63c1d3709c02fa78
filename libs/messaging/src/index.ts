export { EventConsumer, handled } from './consumer';
export type { HandlerResult, IncomingEvent } from './consumer';
export { Outbox, TelemetryLog } from './outbox';
export type { OutgoingEvent } from './outbox';
