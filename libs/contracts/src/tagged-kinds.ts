/** What can carry tags of its own, under the name by which rules and routes call it. */
export const TaggedKinds = ['dataset', 'pipeline', 'model'] as const;
export type TaggedKind = (typeof TaggedKinds)[number];
