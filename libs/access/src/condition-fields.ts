import { Subjects, type Subject } from './actions';

/** What a decision on any object knows: its project, and the tags of that and of the things that the object names. */
const ALWAYS = ['project', 'tags'] as const;

/**
 * What else the services tell of an object when they decide on it. A field that stands in the route or the message of
 * a call (its name is that of the parameter) is known at the entry; `createdBy`, and fields of objects that are named
 * by an id, are known to the handler, whose entry then says `refined`. A rule may use these fields and no others.
 * `dataClass` is the class that a contract gives a column (identifier, sensitive, feature, label, time): it is asked for
 * each class of the columns that would be shown.
 */
const FIELDS: Partial<Readonly<Record<Subject, readonly string[]>>> = {
  Contract: ['dataset'],
  Dataset: ['dataset'],
  Quarantine: ['dataset'],
  Pipeline: ['pipeline'],
  Run: ['pipeline', 'createdBy'],
  Model: ['model'],
  ModelAlias: ['model', 'alias'],
  Deployment: ['model'],
  Prediction: ['dataset', 'model', 'dataClass'],
  Monitor: ['monitor', 'model'],
  Alert: ['monitor', 'model'],
  Policy: ['alias'],
  ApprovalRequest: ['model', 'alias', 'environment'],
};

/** What the policy adds: a caller's message has no say in it. */
const PLACED: Partial<Readonly<Record<Subject, readonly string[]>>> = {
  ModelAlias: ['environment'],
  Deployment: ['environment'],
};

/** The fields that a condition of a rule on this subject may use. For `all`: what every subject has. */
export function conditionFieldsOf(subject: Subject): readonly string[] {
  return [...ALWAYS, ...(FIELDS[subject] ?? []), ...(PLACED[subject] ?? [])];
}

/** True for what belongs to the environment of the installation. */
export function standsInEnvironment(subject: Subject): boolean {
  return PLACED[subject] !== undefined;
}

/** Those that an entry may find in its route or message. `project`, `tags` and the environment are found another way. */
export function entryFieldsOf(subject: Subject): readonly string[] {
  return FIELDS[subject] ?? [];
}

/** The whole list, for whoever writes rules. */
export function conditionVocabulary(): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(Subjects.map((subject) => [subject, conditionFieldsOf(subject)]));
}
