export { RpcService } from './service';
export type { CommonConfig, ServiceOptions } from './service';
