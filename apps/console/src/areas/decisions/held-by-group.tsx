import { Stack } from '@mantine/core';
import type { HeldByGroupAnswer, Page, WindowAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { LIVE_MS, useGet } from '../../api/use-get';
import { Bars, ChartFrame } from '../../charts';
import { Card } from '../../parts/card';
import { count, percent } from '../../parts/format';
import { Go, pageOf } from '../../parts/go';
import { Loaded } from '../../parts/loaded';

/** Of the newest window of each model: how often a person decides, by group, and how that ends. */
export function HeldByGroup({ project }: { project: string }): ReactNode {
  const query = useGet<Page<WindowAnswer>>(inProject('monitoring', project, 'windows'), {
    query: { limit: 50 },
    every: LIVE_MS,
  });
  return (
    <Loaded query={query} what="the windows">
      {({ items }) => {
        const newest = items.filter(
          (window, at) => items.findIndex(({ model }) => model === window.model) === at,
        );
        return (
          <Stack gap="md">
            {newest.length === 0 && <Card title="By group">No window of predictions has been seen yet.</Card>}
            {newest.map((window) => (
              <Card
                key={window.id}
                title={window.model}
                actions={
                  <Go to={pageOf(project, 'monitors', window.monitor, 'windows', window.id)}>
                    its newest window, {count(window.rows)} rows
                  </Go>
                }
              >
                <HeldInWindow project={project} window={window.id} />
              </Card>
            ))}
          </Stack>
        );
      }}
    </Loaded>
  );
}

/** Held decisions of one window, by group; groups of less than ten rows are not shown to anybody. */
export function HeldInWindow({ project, window }: { project: string; window: string }): ReactNode {
  const query = useGet<Page<HeldByGroupAnswer>>(
    inProject('monitoring', project, 'windows', window, 'held-decisions'),
    { every: LIVE_MS },
  );
  return (
    <Loaded query={query} what="held decisions by group">
      {({ items }) => (
        <ChartFrame
          title="Share that people decide, by group"
          rows={items}
          keyOf={({ attribute, value }) => `${attribute} ${value}`}
          columns={[
            { header: 'Group', cell: ({ attribute, value }) => `${attribute} ${value}` },
            { header: 'Rows', figures: true, cell: ({ rows }) => count(rows) },
            { header: 'Held', figures: true, cell: ({ held }) => count(held) },
            { header: 'Share', figures: true, cell: ({ heldShare }) => percent(heldShare) },
            { header: 'Confirmed', figures: true, cell: ({ confirmed }) => count(confirmed) },
            { header: 'Overridden', figures: true, cell: ({ overridden }) => count(overridden) },
          ]}
        >
          <Bars
            rows={items.map(({ attribute, value, heldShare }) => ({
              label: `${attribute} ${value}`,
              held: heldShare,
            }))}
            series={['held']}
            format={percent}
          />
        </ChartFrame>
      )}
    </Loaded>
  );
}
