export { describePlatform } from './main';
export { Platform } from './platform';
export type { PlatformEvents } from './platform';
export { startConfig } from './start.config';
export type { StartConfig } from './start.config';
export { SupervisedProcess } from './supervised-process';
