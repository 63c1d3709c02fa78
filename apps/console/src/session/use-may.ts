import { useAbility } from '@casl/react';
import type { Action, Subject } from '@steward/access/actions';
import { may, type SessionAbility } from './session';

/** Asks what the person may do; shown again when the roles change. */
export function useMay(): (action: Action, subject: Subject, project: string | null) => boolean {
  const ability = useAbility<SessionAbility>();
  return (action, subject, project) => may(ability, action, subject, project);
}
