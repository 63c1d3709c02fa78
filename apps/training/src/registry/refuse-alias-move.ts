import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { Database } from '@steward/database';
import { errors, isName } from '@steward/kernel';
import type { TrainingTables } from '../training-tables';
import { aliasProtected } from './decide-alias';

/** Every alias is protected: a move by hand is refused, and the attempt stands in the audit log. */
@Injectable()
export class RefuseAliasMove {
  constructor(
    private readonly database: Database<TrainingTables>,
    private readonly audit: AuditTrail,
  ) {}

  async refuse(caller: Caller, project: string, model: string, alias: string): Promise<never> {
    // What the caller wrote goes into the audit log, so it must be a name and nothing else.
    if (!isName(model) || !isName(alias)) {
      throw errors.invalid(
        'TRAINING.NAME',
        'Models and aliases are named by lower-case letters, digits and hyphens.',
      );
    }
    await this.database.transaction(async (unit) => {
      this.audit.record(unit, caller, {
        action: 'alias.move',
        object: { kind: 'model-alias', id: `${model}@${alias}` },
        project,
        outcome: 'refused',
        details: { code: 'TRAINING.ALIAS_PROTECTED' },
      });
    });
    throw aliasProtected(model, alias);
  }
}
