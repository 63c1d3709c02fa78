import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { descriptor } from '../infer/descriptor.factory';
import type { Rollout } from '../rollouts/rollout';
import { checkPlan, DeploymentPlan } from './deployment-plan';
import type { Deployment } from './deployment.repository';
import { championAlone, type ServedModel } from './served-deployment';
import { deploymentOf, descriptorsOf, wantedVersions } from './wanted-versions';

const version = (number: number) =>
  descriptor({ version: number, digest: String(number).repeat(64).slice(0, 64) });
const served = (number: number): ServedModel => ({
  project: 'p',
  descriptor: version(number),
  engine: { kind: 'scorer', score: () => new Float64Array(), close: () => Promise.resolve() },
});
const alias = (name: string, number: number): Deployment => ({
  project: 'p',
  alias: name,
  descriptor: version(number),
  state: 'idle',
  failure: null,
  lastServed: null,
  actor: 'a',
  correlation: 'c',
  changedAt: '2026-01-01T00:00:00.000Z',
});

describe('deployment plans', () => {
  it('are as the README shows them', () => {
    const readme = readFileSync(join(__dirname, '..', '..', 'README.md'), 'utf8');
    const [, yaml] = /## Deployments[\s\S]*?```yaml\n([\s\S]*?)```/.exec(readme)!;
    const plan = DeploymentPlan.parse(parse(yaml!));
    checkPlan(plan);
    expect(plan.canary!.gates.outcomes).toEqual({ tolerance: 0, margin: 0.1, minimum: 100 });
    // What the README calls the defaults, they are.
    const { canary } = DeploymentPlan.parse({ canary: {} });
    expect(plan.canary!.steps).toEqual(canary!.steps);
    const { errors, latency, outcomes } = plan.canary!.gates;
    expect(canary!.gates).toEqual({ errors, latency, outcomes });
  });

  const deployments = [alias('champion', 1), alias('canary', 2), alias('shadow', 3), alias('b', 4)];
  const approved = [6, 5, 4, 3, 2, 1].map((number) => ({
    descriptor: version(number),
    mayAnswer: number !== 3,
  }));
  const wantedOf = (plan: object, rollout: Rollout | null = null) =>
    wantedVersions({ deployments, plan: DeploymentPlan.parse(plan), rollout, approved });
  const numbers = (wanted: ReturnType<typeof wantedOf>): number[] =>
    descriptorsOf(wanted)
      .map((one) => one.version)
      .toSorted((a, b) => a - b);

  it('say which versions are loaded, and never let one answer that was approved as a shadow alone', () => {
    expect(numbers(wantedOf({}))).toEqual([]);
    expect(numbers(wantedOf({ arms: [{ alias: 'b', percent: 10 }] }))).toEqual([4]);
    expect(numbers(wantedOf({ arms: [{ version: 3, percent: 10 }] }))).toEqual([]);
    expect(numbers(wantedOf({ versions: { policy: 'latest', count: 2 } }))).toEqual([5, 6]);
    expect(numbers(wantedOf({ versions: { policy: 'all' } }))).toEqual([1, 2, 4, 5, 6]);
    expect(numbers(wantedOf({ versions: { policy: 'specific', versions: [3, 5, 9] } }))).toEqual([5]);
    expect(numbers(wantedOf({ labels: { stable: 6, dark: 3 } }))).toEqual([6]);
    const shadow = wantedOf({ shadow: {} });
    expect(numbers(shadow)).toEqual([3]);
    expect(shadow.labels.has('shadow')).toBe(false);
  });

  it('leave to the champion what cannot be loaded', () => {
    const wanted = wantedOf({ arms: [{ alias: 'b', percent: 30 }], shadow: {} });
    const one = served(1);
    expect(deploymentOf(one, wanted, new Map())).toMatchObject({
      ...championAlone(one),
      labels: wanted.labels,
    });
    const loaded = new Map([4, 3].map((number) => [version(number).digest, served(number)]));
    const whole = deploymentOf(one, wanted, loaded);
    expect(whole.arms.map((arm) => arm.served.descriptor.version)).toEqual([4]);
    expect(whole.shadow?.served.descriptor.version).toBe(3);
    expect([...whole.versions.keys()].toSorted((a, b) => a - b)).toEqual([1, 4]);
  });
});
