export { Database } from './database';
export type { UnitOfWork } from './database';
