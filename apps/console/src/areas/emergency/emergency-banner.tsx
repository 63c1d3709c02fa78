import { Alert, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Go, pageOf } from '../../parts/go';
import { Person } from '../../parts/person';
import { When } from '../../parts/when';
import { useSession } from '../../session/session-provider';
import classes from './emergency-banner.module.css';
import { EndEmergency } from './emergency-actions';
import { useEmergencies, type OwnEmergency } from './use-emergencies';

/** On every page: rights that one holds by an emergency, and emergencies of others that wait for a signature. */
export function EmergencyBanner(): ReactNode {
  const emergencies = useEmergencies();
  if (emergencies.length === 0) return null;
  return (
    <Alert className={classes.banner} title="Emergency access" mb="md" p="sm">
      <Stack gap={4}>
        {emergencies.map((each) => (
          <Line key={each.id} of={each} />
        ))}
      </Stack>
    </Alert>
  );
}

function Line({ of }: { of: OwnEmergency }): ReactNode {
  const { id, project, person, role, until, endedAt } = of;
  const { principalId } = useSession();
  if (person === principalId)
    return (
      <Group gap="xs">
        <Text size="sm">
          You hold the role {role} in {project} until <When at={until} />. Others were told, and somebody else
          signs a review.
        </Text>
        <EndEmergency project={project} id={id} />
      </Group>
    );
  return (
    <Text size="sm">
      <Person id={person} of={project} /> {endedAt === null ? 'holds' : 'held'} the role {role} in {project}{' '}
      until <When at={endedAt ?? until} />.{' '}
      <Go to={pageOf(project, 'emergencies', id)}>
        {endedAt === null ? 'Look at it' : 'Review it'} ({project})
      </Go>
    </Text>
  );
}
