import type { StewardClient } from '@steward/client';
import { errors } from '@steward/kernel';
import { newProject } from './people';

/** Governance with these projects: some are listed, others are made by somebody else only after the list was read. */
function governance(listed: readonly string[], meanwhile: readonly string[]) {
  const made: string[] = [];
  const administrator = {
    *all() {
      for (const project of listed) yield { project };
    },
    post: (_path: string, { project }: { project: string }) => {
      if ([...listed, ...meanwhile].includes(project))
        return Promise.reject(
          errors.conflict('GOVERNANCE.PROJECT_EXISTS', `There is a project ${project} already.`),
        );
      if (project === 'lending-9')
        return Promise.reject(errors.forbidden('ACCESS.DENIED', 'You may not create projects.'));
      made.push(project);
      return Promise.resolve();
    },
  };
  return { administrator: administrator as unknown as StewardClient, made };
}

describe('newProject', () => {
  it('takes the first name that is free, not the one after the last', async () => {
    const { administrator, made } = governance(['lending-1', 'lending-3'], []);
    expect(await newProject(administrator)).toBe(2);
    expect(made).toEqual(['lending-2']);
  });

  it('takes the next name where a demo beside it was faster', async () => {
    const { administrator, made } = governance(['lending-1'], ['lending-2', 'lending-3']);
    expect(await newProject(administrator)).toBe(4);
    expect(made).toEqual(['lending-4']);
  });

  it('fails with every other error', async () => {
    const { administrator } = governance(
      [],
      [1, 2, 3, 4, 5, 6, 7, 8].map((number) => `lending-${number}`),
    );
    await expect(newProject(administrator)).rejects.toMatchObject({ code: 'ACCESS.DENIED' });
  });
});
