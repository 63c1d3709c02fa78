import { Injectable, type Type } from '@nestjs/common';
import { canonicalJson } from '@steward/audit-log';
import { DeploymentPlanChanged, type EventDefinition } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { sha256 } from '@steward/kernel';
import { EventConsumer, handled, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import type { GovernanceTables } from '../governance-tables';
import { REPORTED } from '../reports/report-material';
import { EvidenceRepository } from './evidence.repository';

/** What reports rest on. Telemetry is not here: its figures come as judged windows. */
export const EvidenceEvents: readonly EventDefinition[] = [...Object.values(REPORTED), DeploymentPlanChanged];

/** Keeps each event of one type as evidence. */
@Injectable()
abstract class EvidenceConsumer extends EventConsumer<EventDefinition, GovernanceTables> {
  constructor(private readonly evidence: EvidenceRepository) {
    super();
  }

  async handle(
    event: IncomingEvent<EventDefinition>,
    unit: UnitOfWork<GovernanceTables>,
  ): Promise<HandlerResult> {
    const { id: eventId, type, source, subject, project, correlation, actor, time } = event;
    const payload: unknown = event.payload;
    await this.evidence.keep(unit, {
      eventId,
      type,
      source,
      subject,
      project,
      correlation,
      actor,
      time,
      digest: sha256(canonicalJson(payload)),
      payload,
      model: nameIn(payload, 'model'),
      dataset: nameIn(payload, 'dataset'),
    });
    return handled.ok;
  }
}

/** One consumer a type, named after it, because the name stands in dead letters and metrics. */
export const EvidenceConsumers: readonly Type[] = EvidenceEvents.map((definition) => {
  @Injectable()
  class TypedEvidenceConsumer extends EvidenceConsumer {
    readonly event = definition;
  }
  const name = definition.type.replaceAll(/(?:^|[.-])(\w)/g, (_, letter: string) => letter.toUpperCase());
  Object.defineProperty(TypedEvidenceConsumer, 'name', { value: `${name}EvidenceConsumer` });
  return TypedEvidenceConsumer;
});

/** A name in a payload, there or in the descriptor of the model version that it carries. */
function nameIn(payload: unknown, field: 'model' | 'dataset'): string | null {
  const holder = payload as { readonly [field]?: unknown; readonly descriptor?: Record<string, unknown> };
  const name = holder[field] ?? holder.descriptor?.[field];
  return typeof name === 'string' ? name : null;
}
