export { createApplication, previewApplication } from './application';
export type { ApplicationParts } from './application';
export { requireShallow } from './body-parsing';
export type { BodyLimits } from './body-parsing';
export { loadConfig } from './config';
export { assertEveryEntryDecided, describeEntries } from './entries';
export type { Entry } from './entries';
export { environmentExample } from './environment-example';
export { GRPC_STATUS, HTTP_STATUS } from './error-tables';
export type { GrpcLimits } from './grpc-host';
export { HttpShortcut, inTrace, replyWith } from './http-shortcut';
export type { HttpAnswer, Reply, RequestHead, ShortcutCall, TakenRoute } from './http-shortcut';
export { HealthIndicator, HealthService } from './health';
export type { Health, HealthReport } from './health';
export { makeLogger } from './logging';
export { sendProblem } from './problem.filter';
export type { Problem, ProblemForm } from './problem.filter';
export { RawRpcService } from './raw-rpc-service';
export type { RpcCall } from './rpc-call';
export { rpcError } from './rpc-errors';
export { rpcCorrelation, RpcGuard } from './rpc-guard';
export { FRAME_BYTES, RpcShortcut } from './rpc-shortcut';
export type { EncodedCall } from './rpc-shortcut';
export {
  TallyCell,
  TallyCounter,
  tallyCounter,
  TallyDistribution,
  TallyHistogram,
  tallyHistogram,
} from './tally-metrics';
export type { GuardedRpc } from './rpc-guard';
export { RepeatedTask } from './repeated-task';
export { runService } from './run-service';
export { RunningService } from './running-service';
export type { Listening } from './running-service';
export { ServerTls } from './server-tls';
export type { TlsFiles } from './server-tls';
export { RpcService } from './service';
export type { CommonConfig, HttpOptions, ServiceOptions } from './service';
export { UndecodableMessage } from './undecodable-message';
export { openApiSchema, parseInput, ZodBody, ZodParams, ZodQuery } from './zod-params';
