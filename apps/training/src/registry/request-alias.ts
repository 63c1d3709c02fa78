import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { Database, type UnitOfWork } from '@steward/database';
import { errors, isName } from '@steward/kernel';
import { RunRepository } from '../runs/run.repository';
import type { TrainingTables } from '../training-tables';
import { AliasRepository, ApprovalRequestRepository, ModelRepository } from './model.repository';
import { modelNotFound, type ApprovalRequestCopy, type ModelVersion } from './model-version';
import { evidenceOfResult, OpenApproval } from './open-approval';

/** What inference asks for when a canary has passed its last step. */
export interface Promotion {
  readonly project: string;
  readonly model: string;
  readonly version: number;
  readonly digest: string;
  /** The champion that the canary was compared with. */
  readonly replaces: string;
  readonly rolloutId: string;
  readonly requestedBy: string;
  readonly figures: Readonly<Record<string, number | null>>;
}

type Unit = UnitOfWork<TrainingTables>;

/** Asks governance that an alias may point to a version that was registered before. */
@Injectable()
export class RequestAlias {
  constructor(
    private readonly database: Database<TrainingTables>,
    private readonly models: ModelRepository,
    private readonly aliases: AliasRepository,
    private readonly requests: ApprovalRequestRepository,
    private readonly runs: RunRepository,
    private readonly approval: OpenApproval,
    private readonly audit: AuditTrail,
  ) {}

  /** A person asks. Asking again while the request is open gives that request. */
  request(
    caller: Caller,
    at: { project: string; model: string; version: number },
    alias: string,
  ): Promise<ApprovalRequestCopy> {
    if (!isName(alias)) {
      throw errors.invalid('TRAINING.NAME', 'An alias is named by lower-case letters, digits and hyphens.');
    }
    return this.database.transaction(async (unit) => {
      const version = await this.models.require(at.project, at.model, at.version, unit);
      const current = await this.aliases.lock(unit, at.project, at.model, alias);
      if (current?.digest === version.digest) {
        throw errors.conflict(
          'TRAINING.ALIAS_THERE',
          `Alias ${alias} points to version ${at.version} already.`,
        );
      }
      const open = await this.requests.lockOpen(unit, { ...at, alias });
      return open ?? (await this.ask(unit, caller, version, alias, caller.principal.id, {}));
    });
  }

  /** A canary passed its last step. What the comparison showed goes beside the hold-out's figures. */
  async promote(unit: Unit, caller: Caller, promotion: Promotion): Promise<void> {
    const { project, model, replaces, figures, requestedBy } = promotion;
    const alias = 'champion';
    const current = await this.aliases.lock(unit, project, model, alias);
    const version = await this.models.require(project, model, promotion.version, unit);
    const code =
      version.digest !== promotion.digest
        ? 'TRAINING.DIGEST_MISMATCH'
        : (current?.digest ?? null) !== replaces
          ? 'TRAINING.CHAMPION_CHANGED'
          : null;
    if (code !== null) {
      this.audit.record(unit, caller, {
        action: 'approval.request',
        object: { kind: 'model-version', id: `${model}:${promotion.version}` },
        project,
        outcome: 'refused',
        details: { code, rollout: promotion.rolloutId },
      });
      return;
    }
    const open = await this.requests.lockOpen(unit, { project, model, version: version.version, alias });
    const seen = Object.fromEntries(
      Object.entries(figures).map(([name, value]) => [`canary.${name}`, value]),
    );
    if (!open) await this.ask(unit, caller, version, alias, requestedBy, seen);
  }

  private async ask(
    unit: Unit,
    caller: Caller,
    version: ModelVersion,
    alias: string,
    requestedBy: string,
    figures: Readonly<Record<string, number | null>>,
  ): Promise<ApprovalRequestCopy> {
    const run = await this.runs.lock(unit, version.runId);
    if (!run?.result) throw modelNotFound(version.model, version.version);
    const evidence = evidenceOfResult(run.result);
    return await this.approval.ask(unit, {
      run,
      version,
      alias,
      asking: { correlation: caller.correlation, actor: caller.principal.id, requestedBy },
      evidence: { ...evidence, figures: { ...evidence.figures, ...figures } },
    });
  }
}
