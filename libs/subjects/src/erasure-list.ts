import { Injectable } from '@nestjs/common';
import { ObjectStore } from '@steward/artifacts';
import { isId, isName, isPseudonym } from '@steward/kernel';
import { z } from 'zod';
import type { TaskSubject } from './subject-participant';

const ENTRY = z.object({
  requestId: z.string().refine(isId),
  project: z.string().refine(isName),
  pseudonym: z.string().refine(isPseudonym),
});

/**
 * The erasures of a service, kept outside its database: after the database was restored from an old backup they are
 * applied again. One object each, never deleted; it names a pseudonym that leads to nobody.
 */
@Injectable()
export class ErasureList {
  constructor(private readonly objects: ObjectStore) {}

  /** Durable on return. */
  async add(service: string, { requestId, project, pseudonym }: TaskSubject): Promise<void> {
    const content = Buffer.from(JSON.stringify({ requestId, project, pseudonym }));
    await this.objects.putIfAbsent(`${folderOf(service)}/${requestId}.json`, content);
  }

  /** In the order in which they were requested. */
  async all(service: string): Promise<TaskSubject[]> {
    const paths = await this.objects.list(folderOf(service));
    const entries: TaskSubject[] = [];
    for (const path of paths)
      entries.push(ENTRY.parse(JSON.parse((await this.objects.get(path)).toString('utf8'))));
    return entries;
  }
}

const folderOf = (service: string): string => `subjects/erasures/${service}`;
