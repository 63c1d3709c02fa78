import { CallLimits } from '@steward/contracts';
import { errors } from '@steward/kernel';
import { z } from 'zod';
import { CallerLimits } from './guard-plan';

const Settings = z.strictObject({
  /** Each API key, or holder of a token, over all models. */
  caller: CallLimits.optional(),
  /** By the id of the key or holder, in place of `caller`. */
  callers: CallerLimits.default({}),
  /** Each project: all callers of all of its models together. */
  project: CallLimits.optional(),
  /** By name, in place of `project`. */
  projects: z.record(z.string().min(1).max(63), CallLimits).default({}),
});

/**
 * The limits that the installation's operator sets; governance has others in their place, a model's plan further ones
 * beside them.
 */
export class LimitSettings {
  private readonly settings: z.output<typeof Settings>;
  /** Nobody is limited. */
  readonly empty: boolean;

  /** @param text the value of STEWARD_INFERENCE_LIMITS */
  constructor(text: string) {
    const parsed = Settings.safeParse(parseJson(text));
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw wrong(`${issue!.path.join('.')} ${issue!.message}`.trim());
    }
    this.settings = parsed.data;
    const { caller, callers, project, projects } = parsed.data;
    this.empty = !caller && !project && Object.keys(callers).length + Object.keys(projects).length === 0;
  }

  /** By the ids that a caller has, the first that is named. */
  ofCaller(...ids: readonly string[]): CallLimits | undefined {
    const { caller, callers } = this.settings;
    return namedOf(callers, ids) ?? caller;
  }

  ofProject(name: string): CallLimits | undefined {
    const { project, projects } = this.settings;
    return Object.hasOwn(projects, name) ? projects[name] : project;
  }
}

/** The limits of the first of the ids that is named. */
export function namedOf(
  callers: Readonly<Record<string, CallLimits>>,
  ids: readonly string[],
): CallLimits | undefined {
  const named = ids.find((id) => Object.hasOwn(callers, id));
  return named === undefined ? undefined : callers[named];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw wrong('it is not JSON');
  }
}

function wrong(why: string): Error {
  return errors.invalid(
    'INFERENCE.LIMITS_INVALID',
    `STEWARD_INFERENCE_LIMITS says who may ask for how much, such as {"caller": {"requestsPerSecond": 100, "rowsPerDay": 1000000}, "projects": {"risk": {"rowsPerSecond": 5000}}}: ${why}.`,
  );
}
