import type { Acts, HeldRole } from './report-material';

/** Who had which role, and what the audit log says they did. Abstract class = injection token. */
export abstract class ReviewRepository {
  /** Roles that were held at some moment of the period; of one project those bound in it or everywhere. */
  abstract roles(period: { from: string; to: string }, project: string | null): Promise<HeldRole[]>;
  /** Audited acts of the period by actor, project and action; refused ones are not counted. */
  abstract acts(period: { from: string; to: string }, project: string | null): Promise<Acts[]>;
}
