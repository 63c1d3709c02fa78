import type { ApprovalPolicy } from './approval-policy';

export const GateNames = [
  'minimumAuc',
  'demographicParityRatio',
  'noSensitiveInputs',
  'risk',
  'impactAssessment',
  'lawfulBasis',
] as const;
export type GateName = (typeof GateNames)[number];

/** One gate of an approval request, as it was judged when the request came. */
export interface JudgedGate {
  readonly gate: GateName;
  readonly passed: boolean;
  /** What was measured; null: too little data. For noSensitiveInputs the number of such inputs. */
  readonly value: number | null;
  /** The bound of the policy. */
  readonly bound: number;
  /** A sentence for people. */
  readonly message: string;
}

/** The figures that gates look at. */
export interface GateFigures {
  readonly figures: Readonly<Record<string, number | null>>;
  readonly sensitiveInputs: readonly string[];
}

/** Judges a request against a policy. What could not be measured has not passed. */
export function judgeGates(policy: ApprovalPolicy, { figures, sensitiveInputs }: GateFigures): JudgedGate[] {
  const { minimumAuc, minimumDemographicParityRatio, noSensitiveInputs } = policy.gates;
  const gates: JudgedGate[] = [];
  if (minimumAuc !== null)
    gates.push(atLeast('minimumAuc', 'AUC on the hold-out', figures['auc'], minimumAuc));
  if (minimumDemographicParityRatio !== null)
    gates.push(
      atLeast(
        'demographicParityRatio',
        'Demographic parity ratio',
        figures['demographicParityRatio'],
        minimumDemographicParityRatio,
      ),
    );
  if (noSensitiveInputs)
    gates.push({
      gate: 'noSensitiveInputs',
      passed: sensitiveInputs.length === 0,
      value: sensitiveInputs.length,
      bound: 0,
      message:
        sensitiveInputs.length === 0
          ? 'No sensitive column is an input.'
          : `Sensitive columns are inputs: ${sensitiveInputs.join(', ')}.`,
    });
  return gates;
}

function atLeast(gate: GateName, what: string, figure: number | null | undefined, bound: number): JudgedGate {
  const value = figure ?? null;
  const passed = value !== null && value >= bound;
  const message =
    value === null
      ? `${what} could not be measured: too little data.`
      : `${what} is ${value.toFixed(3)}, ${passed ? 'at least' : 'below'} ${bound}.`;
  return { gate, passed, value, bound, message };
}
