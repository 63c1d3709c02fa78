import { Tabs } from '@mantine/core';
import type { ReactNode } from 'react';
import { useSearchParams } from 'wouter';

/** Parts of a page of which one is shown; which one stands in the address (`tab`). The first is shown where none is named. */
export function Tabbed({ parts }: { parts: readonly (readonly [string, string, ReactNode])[] }): ReactNode {
  const [search, setSearch] = useSearchParams();
  const first = parts[0]?.[0] ?? '';
  return (
    <Tabs
      value={search.get('tab') ?? first}
      onChange={(tab) => setSearch(new URLSearchParams({ tab: tab ?? first }))}
      keepMounted={false}
    >
      <Tabs.List mb="sm">
        {parts.map(([value, label]) => (
          <Tabs.Tab key={value} value={value}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {parts.map(([value, , part]) => (
        <Tabs.Panel key={value} value={value}>
          {part}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
