/** For tests of services without governance: `import { InMemoryPolicyStore } from '@steward/access/testing'`. */
export { InMemoryPolicyStore } from './in-memory-policy.store';
