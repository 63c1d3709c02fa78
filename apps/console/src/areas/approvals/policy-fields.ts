import type { ApprovalPolicyAnswer } from '@steward/client/answers';

type Policy = ApprovalPolicyAnswer['policy'];

/** What the form of a policy holds, as people typed it. */
export interface PolicySettings {
  readonly approvers: string;
  readonly roles: string;
  readonly auc: string;
  readonly parity: string;
  readonly hours: string;
  readonly sensitive: boolean;
  readonly delegation: boolean;
}

const numberOr = (text: string): number | null => (text === '' ? null : Number(text));

/** The policy that a form asks for. What is empty is not asked for; what makes no sense is refused by governance. */
export const policyOf = (settings: PolicySettings): Policy => ({
  approvers: Number(settings.approvers),
  roles: settings.roles
    .split(',')
    .map((role) => role.trim())
    .filter((role) => role !== ''),
  gates: {
    minimumAuc: numberOr(settings.auc),
    minimumDemographicParityRatio: numberOr(settings.parity),
    noSensitiveInputs: settings.sensitive,
  },
  expiresAfterHours: numberOr(settings.hours),
  delegation: settings.delegation,
});

/** The gates of a policy in words. */
export function gatesOf({ gates }: Policy): string[] {
  const { minimumAuc, minimumDemographicParityRatio, noSensitiveInputs } = gates;
  const asked = [
    ...(minimumAuc === null ? [] : [`AUC ${minimumAuc} or more`]),
    ...(minimumDemographicParityRatio === null
      ? []
      : [`parity ratio ${minimumDemographicParityRatio} or more`]),
    ...(noSensitiveInputs ? ['no sensitive inputs'] : []),
  ];
  return asked.length === 0 ? ['none'] : asked;
}

/** How long a request waits, and whether another may decide in somebody's place. */
export const termsOf = ({ expiresAfterHours, delegation }: Policy): string[] => [
  expiresAfterHours === null ? 'waits for ever' : `expires after ${expiresAfterHours} h`,
  delegation ? 'may be delegated' : 'no delegation',
];
