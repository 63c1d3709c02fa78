import { TaggedKinds, type TaggedKind } from '@steward/contracts';
import type { Subject } from './actions';
import { entryFieldsOf, standsInEnvironment } from './condition-fields';
import type { PolicyProject, PolicySnapshot } from './policy';

interface Index {
  readonly tags: ReadonlyMap<string, readonly string[]>;
  readonly kinds: ReadonlySet<TaggedKind>;
}

/** By project as the policy has it: a changed one is another object. */
const indexes = new WeakMap<PolicyProject, Index>();

/**
 * An object with what the policy knows of it: its tags (those of its project, and of the dataset, pipeline and model that it
 * names) and the environment. Where such a thing carries tags and the object does not say which it is, the tags are unknown.
 */
export function withPolicyFields(
  policy: Pick<PolicySnapshot, 'projects' | 'environment'>,
  subject: Subject,
  object: Readonly<Record<string, unknown>> & { readonly project: string | null },
): Readonly<Record<string, unknown>> {
  const tags = object.project === null ? [] : tagsOf(policy.projects.get(object.project), subject, object);
  return {
    tags,
    ...(standsInEnvironment(subject) && policy.environment !== null
      ? { environment: policy.environment }
      : {}),
    ...object,
  };
}

function tagsOf(
  project: PolicyProject | undefined,
  subject: Subject,
  object: Readonly<Record<string, unknown>>,
): readonly string[] | undefined {
  if (!project?.objects || project.objects.length === 0) return project?.tags;
  const { tags, kinds } = indexOf(project, project.objects);
  const found = [...project.tags];
  const fields = entryFieldsOf(subject);
  for (const kind of TaggedKinds) {
    if (!kinds.has(kind) || !fields.includes(kind)) continue;
    const name = object[kind];
    if (typeof name !== 'string') return undefined;
    found.push(...(tags.get(`${kind}/${name}`) ?? []));
  }
  return found;
}

function indexOf(project: PolicyProject, objects: NonNullable<PolicyProject['objects']>): Index {
  let index = indexes.get(project);
  if (!index) {
    index = {
      tags: new Map(objects.map(({ kind, name, tags }) => [`${kind}/${name}`, tags])),
      kinds: new Set(objects.map(({ kind }) => kind)),
    };
    indexes.set(project, index);
  }
  return index;
}
