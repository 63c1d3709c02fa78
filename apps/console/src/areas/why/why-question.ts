import { Problem } from '../../api/problem';

/** A question that the page of reasons answers: may this person (null: who looks) do this to an object of which so much is known. */
export interface WhyQuestion {
  readonly action: string;
  readonly subject: string;
  readonly project: string;
  readonly person: string;
  /** What else is known of the object, such as `alias`. */
  readonly fields: Readonly<Record<string, string>>;
}

export const WHY = '/access/why';
const NAMED = ['action', 'subject', 'project', 'person'] as const;
const REFUSALS = ['ACCESS.FORBIDDEN', 'ACCESS.NOT_FOUND'];

/** The address of the answer to a question. */
export function whyAddress({ fields, ...named }: WhyQuestion): string {
  const search = new URLSearchParams();
  for (const [name, value] of [...Object.entries(named), ...Object.entries(fields)])
    if (value !== '') search.set(name, value);
  return `${WHY}?${search.toString()}`;
}

/** The question in an address. */
export function questionIn(search: URLSearchParams): WhyQuestion {
  const of = (name: string): string => search.get(name) ?? '';
  const others = [...search].filter(([name]) => !(NAMED as readonly string[]).includes(name));
  return {
    action: of('action'),
    subject: of('subject'),
    project: of('project'),
    person: of('person'),
    fields: Object.fromEntries(others),
  };
}

/** What governance is asked. About the object only what was said: what is not known counts against who asks. */
export const explainBody = ({ action, subject, project, person, fields }: WhyQuestion) => ({
  ...(person === '' ? {} : { principal: person }),
  action,
  subject,
  object: { ...fields, project: project === '' ? null : project },
});

/** Where the reason for a refusal by roles stands; null: the error is none, or does not say what was asked. */
export function whyPath(error: unknown, person: string | null): string | null {
  if (!(error instanceof Problem) || !REFUSALS.includes(error.code)) return null;
  const { action, subject, object } = error.details;
  if (typeof action !== 'string' || typeof subject !== 'string') return null;
  const known = Object.entries(typeof object === 'object' && object !== null ? object : {});
  const texts = known.filter((field): field is [string, string] => typeof field[1] === 'string');
  const { project = '', ...fields } = Object.fromEntries(texts);
  return whyAddress({ action, subject, project, person: person ?? '', fields });
}
