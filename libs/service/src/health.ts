import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';

/** What a health indicator says. `detail` is for operators: no secrets, no personal data. */
export interface HealthReport {
  readonly ok: boolean;
  readonly detail?: string;
}

/**
 * Something that must work for the service to work. Nest providers that extend this are found by themselves. An
 * indicator that throws or takes longer than 2 s counts as failed.
 */
export abstract class HealthIndicator {
  abstract readonly name: string;
  /** `ready`: no traffic while it fails. `live`: the process hangs and must be started again. */
  abstract readonly scope: 'ready' | 'live';
  abstract check(): HealthReport | Promise<HealthReport>;
}

/** All indicators of one scope together. */
export interface Health {
  readonly ok: boolean;
  readonly checks: Readonly<Record<string, HealthReport>>;
}

const TIME_OUT_MS = 2_000;

/** Asks the indicators. */
@Injectable()
export class HealthService {
  private stopping = false;

  constructor(private readonly discovery: DiscoveryService) {}

  /** From now on the service says that it is not ready, so that nobody sends it new work. */
  startStopping(): void {
    this.stopping = true;
  }

  async check(scope: HealthIndicator['scope']): Promise<Health> {
    const indicators = this.discovery
      .getProviders()
      .map((wrapper) => wrapper.instance as unknown)
      .filter((instance): instance is HealthIndicator => instance instanceof HealthIndicator)
      .filter((indicator) => indicator.scope === scope);
    const reports = await Promise.all(indicators.map(async (one) => [one.name, await ask(one)] as const));
    const checks: Record<string, HealthReport> = Object.fromEntries(reports);
    if (this.stopping && scope === 'ready')
      checks['shutdown'] = { ok: false, detail: 'The service is stopping.' };
    return { ok: Object.values(checks).every((report) => report.ok), checks };
  }
}

async function ask(indicator: HealthIndicator): Promise<HealthReport> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<HealthReport>((resolve) => {
    timer = setTimeout(() => resolve({ ok: false, detail: 'No answer within 2 s.' }), TIME_OUT_MS);
  });
  try {
    return await Promise.race([indicator.check(), late]);
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : 'It failed.' };
  } finally {
    clearTimeout(timer);
  }
}
