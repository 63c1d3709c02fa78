import { InferenceClient, type StewardClient } from '@steward/client';
import { AppError } from '@steward/kernel';
import type { DemoStep } from '../demo-context';

interface Named {
  readonly id: string;
}

const PASSWORD_SUFFIX = 'correct-horse-battery-staple';

const projectNamed = (number: number): string => `lending-${number}`;

/** Makes the first project whose name is free and gives its number; a demo beside this one may take the same name first. */
export async function newProject(administrator: StewardClient): Promise<number> {
  const taken = new Set<string>();
  for await (const { project } of administrator.all<{ project: string }>('/governance/v1/projects'))
    taken.add(project);
  for (let number = 1; ; number += 1) {
    if (taken.has(projectNamed(number))) continue;
    try {
      await administrator.post('/governance/v1/projects', { project: projectNamed(number) });
      return number;
    } catch (error) {
      if (!AppError.is(error) || error.code !== 'GOVERNANCE.PROJECT_EXISTS') throw error;
    }
  }
}

/** A new project with its own people, and a program with an API key. */
export const people: DemoStep = {
  title: 'A project, four people and a program',
  run: async (context) => {
    const { administrator } = context;
    const number = await newProject(administrator);
    const project = projectNamed(number);
    context.project = project;
    context.summary.project = project;

    const roles = {
      engineer: ['data-engineer', 'ml-engineer', 'approver'],
      approver: ['approver'],
      auditor: ['auditor'],
      officer: ['privacy-officer'],
    } as const;
    for (const person of ['engineer', 'approver', 'auditor', 'officer'] as const) {
      const user = `${person}-${number}`;
      const password = `${person}-${PASSWORD_SUFFIX}`;
      const { id } = await administrator.post<Named>('/governance/v1/users', {
        user,
        password,
        displayName: `Demo ${person}`,
      });
      await administrator.put(`/governance/v1/users/${id}/roles`, {
        roles: roles[person].map((role) => ({ role, project: person === 'auditor' ? null : project })),
      });
      const { token } = await administrator
        .as(undefined)
        .post<{ token: string }>('/governance/v1/login', { user, password });
      context.tokens[person] = token;
      context[person] = administrator.as(token);
    }
    const machine = await administrator.post<Named>('/governance/v1/machines', {
      name: `caller-${number}`,
      roles: [{ role: 'service', project }],
    });
    const key = await administrator.post<{ secret: string }>('/governance/v1/api-keys', {
      principalId: machine.id,
      project,
    });
    context.inference = new InferenceClient(context.platform.grpcAddress('inference'), key.secret);
    context.caller = administrator.as(key.secret);
    return `${project}: engineer-${number}, approver-${number}, auditor-${number}, officer-${number}, caller-${number}`;
  },
};
