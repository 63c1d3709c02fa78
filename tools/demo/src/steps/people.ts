import { InferenceClient } from '@steward/client';
import type { DemoStep } from '../demo-context';

interface Named {
  readonly id: string;
}

const PASSWORD_SUFFIX = 'correct-horse-battery-staple';

/** A new project with its own people, and a program with an API key. */
export const people: DemoStep = {
  title: 'A project, four people and a program',
  run: async (context) => {
    const { administrator } = context;
    const projects: string[] = [];
    for await (const { project } of administrator.all<{ project: string }>('/governance/v1/projects'))
      projects.push(project);
    let number = 1;
    while (projects.includes(`lending-${number}`)) number += 1;
    const project = `lending-${number}`;
    context.project = project;
    context.summary.project = project;
    await administrator.post('/governance/v1/projects', { project });

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
