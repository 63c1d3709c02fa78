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
  ) {
    super();
  }

  @Can('update', 'Monitor')
  async putMonitor(request: PutMonitorRequest, { caller }: RpcCall): Promise<PutMonitorResponse> {
    const definition = parseInput(MonitorDefinition, parseText(request.definition), 'body');
    const monitor = await this.put.execute(caller, request.project, request.monitor, definition);
    return { monitor: monitorMessage(monitor) };
  }

  @Can('read', 'Monitor')
  async listMonitors({ project }: ListMonitorsRequest): Promise<ListMonitorsResponse> {
    return { monitors: (await this.monitors.list(project)).map(monitorMessage) };
  }

  @Can('read', 'Monitor')
  async listWindows(request: ListWindowsRequest): Promise<ListWindowsResponse> {
    const { monitor, after, limit } = parseInput(WindowPage, given(request), 'query');
    const windows = await this.windows.list(request.project, { monitor, before: after, limit });
    return { windows: windows.map(windowMessage), next: windows.length === limit ? windows.at(-1)!.id : '' };
  }

  @Can('read', 'Monitor')
  async getWindow({ project, id }: GetWindowRequest): Promise<GetWindowResponse> {
    return windowWithReports(await this.windows.require(project, id));
  }

  @Can('read', 'Alert')
  async listAlerts(request: ListAlertsRequest): Promise<ListAlertsResponse> {
    const { state, after, limit } = parseInput(AlertPage, given(request), 'query');
    const alerts = await this.alerts.list(request.project, { state, before: after, limit });
    return { alerts: alerts.map(alertMessage), next: alerts.length === limit ? alerts.at(-1)!.id : '' };
  }

  @Can('acknowledge', 'Alert')
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
