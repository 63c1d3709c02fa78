import type { EmergencyAnswer } from '@steward/client/answers';
import { useGet } from '../../api/use-get';

/** Of whom and what this person was told, and what he holds himself. Asked for at every page. */
const EVERY_MS = 15_000;

export interface OwnEmergency extends EmergencyAnswer {
  readonly project: string;
}

export function useEmergencies(): readonly OwnEmergency[] {
  const { data } = useGet<{ items: readonly OwnEmergency[] }>('/governance/v1/me/emergency-accesses', {
    every: EVERY_MS,
  });
  return data?.items ?? [];
}
