import { Injectable } from '@nestjs/common';
import { Can } from '@steward/access';
import {
  MonitoringServiceService,
  type AcknowledgeAlertRequest,
  type AcknowledgeAlertResponse,
  type GetWindowRequest,
  type GetWindowResponse,
  type ListAlertsRequest,
  type ListAlertsResponse,
  type ListMonitorsRequest,
  type ListMonitorsResponse,
  type ListWindowsRequest,
  type ListWindowsResponse,
  type PutMonitorRequest,
  type PutMonitorResponse,
} from '@steward/contracts/generated/steward/monitoring/v1/monitoring';
import { AppError, errors } from '@steward/kernel';
import { parseInput, requireShallow, RpcService, type RpcCall } from '@steward/service';
import { parse as parseYaml } from 'yaml';
import { AcknowledgeAlert } from './alerts/acknowledge-alert';
import { Acknowledgement, AlertPage } from './alerts/alert-page';
import { AlertRepository } from './alerts/alert.repository';
import { alertMessage, monitorMessage, windowMessage, windowWithReports } from './monitoring-messages';
import { DecisionOnMonitor } from './monitors/decision-on-monitor';
import { MonitorDefinition } from './monitors/monitor-definition';
import { MonitorRepository } from './monitors/monitor.repository';
import { PutMonitor } from './monitors/put-monitor';
import { WindowPage } from './windows/window-page';
import { WindowArchive } from './windows/window-archive';

const MOST_CHARACTERS = 1024 * 1024;
const DEEPEST = 32;

/** The control plane over gRPC: the same use cases as the HTTP routes. */
@Injectable()
export class MonitoringRpc extends RpcService {
  readonly definition = MonitoringServiceService;

  constructor(
    private readonly put: PutMonitor,
    private readonly acknowledge: AcknowledgeAlert,
    private readonly monitors: MonitorRepository,
    private readonly windows: WindowArchive,
    private readonly alerts: AlertRepository,
    private readonly decision: DecisionOnMonitor,
  ) {
    super();
  }

  @Can('update', 'Monitor', { refined: true })
  async putMonitor(request: PutMonitorRequest, { caller }: RpcCall): Promise<PutMonitorResponse> {
    const definition = parseInput(MonitorDefinition, parseText(request.definition), 'body');
    const monitor = await this.put.execute(caller, request.project, request.monitor, definition);
    return { monitor: monitorMessage(monitor) };
  }

  @Can('read', 'Monitor', { refined: true })
  async listMonitors({ project }: ListMonitorsRequest, { caller }: RpcCall): Promise<ListMonitorsResponse> {
    const monitors = this.decision.readableMonitors(caller, await this.monitors.list(project));
    return { monitors: monitors.map(monitorMessage) };
  }

  @Can('read', 'Monitor', { refined: true })
  async listWindows(request: ListWindowsRequest, { caller }: RpcCall): Promise<ListWindowsResponse> {
    const { monitor, after, limit } = parseInput(WindowPage, given(request), 'query');
    const found = await this.windows.list(request.project, { monitor, before: after, limit });
    const windows = this.decision.readableWindows(caller, found).map(windowMessage);
    return { windows, next: found.length === limit ? found.at(-1)!.id : '' };
  }

  @Can('read', 'Monitor', { refined: true })
  async getWindow({ project, id }: GetWindowRequest, { caller }: RpcCall): Promise<GetWindowResponse> {
    return windowWithReports(await this.decision.window(caller, project, id));
  }

  @Can('read', 'Alert', { refined: true })
  async listAlerts(request: ListAlertsRequest, { caller }: RpcCall): Promise<ListAlertsResponse> {
    const { state, after, limit } = parseInput(AlertPage, given(request), 'query');
    const found = await this.alerts.list(request.project, { state, before: after, limit });
    const alerts = this.decision.readableAlerts(caller, found).map(alertMessage);
    return { alerts, next: found.length === limit ? found.at(-1)!.id : '' };
  }

  @Can('acknowledge', 'Alert', { refined: true })
  async acknowledgeAlert(
    request: AcknowledgeAlertRequest,
    { caller }: RpcCall,
  ): Promise<AcknowledgeAlertResponse> {
    const { reason } = parseInput(Acknowledgement, { reason: request.reason || undefined }, 'body');
    await this.acknowledge.execute(caller, request.project, request.id, reason);
    return {};
  }
}

/** What a caller left empty was not given. */
const given = (request: object): object =>
  Object.fromEntries(Object.entries(request).filter(([, value]) => value !== '' && value !== 0));

function parseText(text: string): unknown {
  if (text.length > MOST_CHARACTERS)
    throw errors.invalid('MONITORING.MONITOR_INVALID', 'The monitor definition is larger than 1 MiB.');
  try {
    requireShallow(Buffer.from(text), DEEPEST);
    return parseYaml(text, { maxAliasCount: 0 }) as unknown;
  } catch (cause) {
    if (AppError.is(cause)) throw cause;
    throw errors.invalid('MONITORING.MONITOR_INVALID', 'The monitor definition is neither YAML nor JSON.', {
      cause,
    });
  }
}
