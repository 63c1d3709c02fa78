export { busyTurns } from './busy-turns';
export { eventually } from './eventually';
export type { EventuallyOptions } from './eventually';
export { eventsInLog } from './events-in-log';
export { forkSource } from './fork-source';
export { Neighbour } from './neighbour';
export { TcpGate } from './tcp-gate';
export { createTestDatabase, migrationFolders } from './test-database';
export type { TestDatabase, TestDatabaseOptions } from './test-database';
