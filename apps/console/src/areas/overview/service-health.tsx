import { SimpleGrid, Stack, Text } from '@mantine/core';
import type { HealthAnswer } from '@steward/client/answers';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { LIVE_MS } from '../../api/use-get';
import { Card } from '../../parts/card';
import { Toned } from '../../parts/tone';
import { words } from '../../parts/format';

const SERVICES = ['ingestion', 'training', 'inference', 'monitoring', 'governance'] as const;

/** Readiness answers 503 with its checks where a part is not well: both are answers here. */
async function readHealth(service: string): Promise<HealthAnswer | null> {
  try {
    const response = await fetch(`/${service}/health/ready`);
    const answer = (await response.json()) as Partial<HealthAnswer>;
    return answer.checks ? (answer as HealthAnswer) : null;
  } catch {
    return null;
  }
}

/** Whether every service is well, and which part of it is not. */
export function ServiceHealth(): ReactNode {
  return (
    <Card title="Services">
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 5 }} spacing="md">
        {SERVICES.map((service) => (
          <OneService key={service} service={service} />
        ))}
      </SimpleGrid>
    </Card>
  );
}

function OneService({ service }: { service: string }): ReactNode {
  const { data, isPending } = useQuery({
    queryKey: ['health', service],
    queryFn: () => readHealth(service),
    refetchInterval: LIVE_MS,
  });
  const bad = Object.entries(data?.checks ?? {}).filter(([, { ok }]) => !ok);
  return (
    <Stack gap={4} align="flex-start">
      <Text size="sm" fw={600}>
        {words(service)}
      </Text>
      {isPending ? (
        <Toned tone="quiet">asking</Toned>
      ) : data?.status === 'ok' ? (
        <Toned tone="good">ready</Toned>
      ) : (
        <Toned tone="bad">{data ? 'not ready' : 'does not answer'}</Toned>
      )}
      {bad.map(([name, { detail }]) => (
        <Text key={name} size="xs" c="dimmed">
          {words(name)}: {detail ?? 'failed'}
        </Text>
      ))}
    </Stack>
  );
}
