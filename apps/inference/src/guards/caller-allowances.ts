import type { Principal } from '@steward/access';
import type { CallLimits } from '@steward/contracts';
import { Clock, errors, type AppError } from '@steward/kernel';
import { Allowance, type LimitKind, type LimitOf, type Spent } from './allowance';
import { hourOf, type DayWindow } from './day-window';
import type { ModelLimits } from './guard-plan';
import { GuardMetrics } from './guard.metrics';
import { InstallationLimits } from './installation-limits';
import { namedOf } from './limit-settings';
import { RowQuotas } from './row-quotas';

/** Most allowances in memory; then the oldest are forgotten, the quotas of a day excepted. */
const MOST = 20_000;
/** When to come again where too many requests are in hand: nobody knows how long those take. */
const BUSY_RETRY_MS = 100;
const NONE: readonly Allowance[] = Object.freeze([]);

/** The allowances of the callers of one model under one plan. Keys and holders apart: their ids may be alike. */
interface Known {
  readonly limits: ModelLimits | undefined;
  readonly keys: Map<string, readonly Allowance[]>;
  readonly holders: Map<string, readonly Allowance[]>;
}

/**
 * Who may ask for how much: rates and daily quotas of callers, projects and models. A caller is an API key, or the
 * holder of a token, for a login makes a new token. A request takes from all of its allowances or from none.
 */
export class CallerAllowances {
  private readonly byModel = new Map<string, Known>();
  private readonly byKey = new Map<string, Allowance>();
  private readonly touched = new Set<Allowance>();
  private madeFor: object | null = null;

  constructor(
    private readonly installation: InstallationLimits,
    private readonly quotas: RowQuotas,
    private readonly metrics: GuardMetrics,
    private readonly clock: Clock,
    /** Other processes answer too, and are told what is let through here. */
    private readonly shared: boolean,
  ) {}

  /**
   * What a request takes from: a list that is made once. `served`: the model is served, so that its name may be
   * remembered; callers choose names.
   */
  of(
    { id, credential }: Principal,
    name: string,
    served: boolean,
    limits: ModelLimits | undefined,
  ): readonly Allowance[] {
    if (limits === undefined && this.installation.empty) return NONE;
    this.followInstallation();
    let known = this.byModel.get(name);
    if (known === undefined || known.limits !== limits) {
      known = { limits, keys: new Map(), holders: new Map() };
      if (served) this.byModel.set(name, known);
    }
    const isKey = credential.kind === 'api-key';
    const callers = isKey ? known.keys : known.holders;
    const caller = isKey ? credential.id : id;
    const found = callers.get(caller);
    if (found) return found;
    const made = this.make(isKey ? 'key' : 'holder', caller, name, limits);
    if (callers.size >= MOST) callers.clear();
    callers.set(caller, made);
    return made;
  }

  /**
   * Lets a request in, before it is decoded, or throws INFERENCE.RATE_LIMITED (limit, retriable). {@link leave} must
   * follow when it has ended.
   */
  takeRequest(allowances: readonly Allowance[]): void {
    if (allowances.length === 0) return;
    const now = performance.now();
    for (const one of allowances) {
      const wait = one.requestWait(now);
      if (wait > 0) throw this.refusal(one, 'requestsPerSecond', wait);
      if (one.busy) throw this.crowded(one);
    }
    for (const one of allowances) {
      one.takeRequest(now);
      if (this.shared) this.touched.add(one);
    }
  }

  /** A request that was let in has ended. */
  leave(allowances: readonly Allowance[]): void {
    for (const one of allowances) one.leave();
  }

  /**
   * Lets the rows of a request be scored, or throws INFERENCE.RATE_LIMITED, or INFERENCE.QUOTA_USED_UP (limit) with the
   * date on which the quota renews.
   */
  takeRows(allowances: readonly Allowance[], rows: number): void {
    if (allowances.length === 0) return;
    const now = performance.now();
    const hour = hourOf(this.clock.now());
    for (const one of allowances) {
      if (one.window !== null) this.quotas.requireKnown();
      if (!one.fitsDay(rows, hour)) throw this.usedUp(one, rows, hour);
      const wait = one.rowsWait(rows, now);
      if (wait > 0) throw this.refusal(one, 'rowsPerSecond', wait);
    }
    for (const one of allowances) {
      one.takeRows(rows, now, hour);
      if (this.shared) this.touched.add(one);
    }
  }

  /** Rows left of the caller's budget at the model; null: there is none. */
  budgetLeft(allowances: readonly Allowance[]): number | null {
    for (const one of allowances) {
      if (one.of === 'caller_of_model') return one.leftOfDay(hourOf(this.clock.now()));
    }
    return null;
  }

  /** What was let through here since the last call, for the other processes. */
  spent(): Spent[] {
    const spent = [...this.touched].map((one) => one.spent());
    this.touched.clear();
    return spent;
  }

  /** What was let through in another process. Who has not come here yet starts with what he has elsewhere left off. */
  debit(spent: readonly Spent[]): void {
    const now = performance.now();
    for (const [key, requests, rows] of spent) this.byKey.get(key)?.debit(requests, rows, now);
  }

  /** The windows that are in use. */
  windows(): Set<DayWindow> {
    return new Set([...this.byKey.values()].flatMap(({ window }) => window ?? []));
  }

  /** Lists of allowances are made anew after a change; what is used of them stays used. */
  private followInstallation(): void {
    const { version } = this.installation;
    if (version === this.madeFor) return;
    this.madeFor = version;
    this.byModel.clear();
  }

  private make(
    kind: 'key' | 'holder',
    caller: string,
    name: string,
    limits: ModelLimits | undefined,
  ): readonly Allowance[] {
    const [project = ''] = name.split('.');
    // A rotated key goes on with what its predecessors have used, and with limits that name one of them.
    const first = kind === 'key' ? this.installation.firstKey(caller) : caller;
    const who = whoIs(kind, caller, first);
    const atModel = namedOf(limits?.callers ?? {}, [caller, first]) ?? limits?.caller;
    return [
      this.allowance(`${kind}:${first}@${name}`, 'caller_of_model', `${who} at model ${name}`, atModel),
      this.allowance(`model:${name}`, 'model', `Model ${name}, for all callers together,`, limits?.all),
      this.allowance(`${kind}:${first}`, 'caller', who, this.installation.ofCaller(kind, caller)),
      this.allowance(
        `project:${project}`,
        'project',
        `Project ${project}`,
        this.installation.ofProject(project),
      ),
    ].filter((one) => one !== null);
  }

  private allowance(key: string, of: LimitOf, who: string, limits: CallLimits | undefined): Allowance | null {
    if (limits === undefined) return null;
    const known = this.byKey.get(key) ?? new Allowance(key, of, who);
    if (this.byKey.size >= MOST && !this.byKey.has(key)) this.byKey.delete(this.byKey.keys().next().value!);
    this.byKey.set(key, known);
    return known.set(limits, (scope) => this.quotas.window(scope), performance.now());
  }

  private refusal(one: Allowance, kind: LimitKind, retryAfterMs: number): AppError {
    this.metrics.limited(kind, one.of);
    const limit = one.limit(kind);
    const unit = kind === 'requestsPerSecond' ? 'requests' : 'rows';
    return errors.limit(
      'INFERENCE.RATE_LIMITED',
      `${one.who} may ask for ${limit} ${unit} a second and asks for more. Try again in ${retryAfterMs} ms.`,
      { retriable: true, details: { of: one.of, kind, limit, retryAfterMs } },
    );
  }

  private crowded(one: Allowance): AppError {
    this.metrics.limited('concurrentRequests', one.of);
    const limit = one.limit('concurrentRequests');
    return errors.limit(
      'INFERENCE.RATE_LIMITED',
      `${one.who} may have ${limit} requests answered at a time and has as many. Try again when one of them is answered.`,
      {
        retriable: true,
        details: { of: one.of, kind: 'concurrentRequests', limit, retryAfterMs: BUSY_RETRY_MS },
      },
    );
  }

  private usedUp(one: Allowance, rows: number, hour: number): AppError {
    this.metrics.limited('rowsPerDay', one.of);
    const limit = one.limit('rowsPerDay');
    const at = one.window!.fits(rows, limit, hour);
    const left = one.leftOfDay(hour);
    const renewsAt = at === null ? null : new Date(at).toISOString();
    return errors.limit(
      'INFERENCE.QUOTA_USED_UP',
      `${one.who} may ask for ${limit} rows a day, of which ${left} are left, and asks for ${rows}. ${
        renewsAt ? `So many fit again at ${renewsAt}.` : 'So many never fit into one request.'
      }`,
      {
        details: {
          of: one.of,
          kind: 'rowsPerDay',
          limit,
          left,
          ...(at === null ? {} : { renewsAt, retryAfterMs: at - this.clock.now() }),
        },
      },
    );
  }
}

/** As a sentence begins. */
function whoIs(kind: 'key' | 'holder', caller: string, first: string): string {
  if (kind === 'holder') return `Caller ${caller}`;
  return caller === first ? `API key ${caller}` : `API key ${caller}, with those whose place it took,`;
}
