import { Injectable } from '@nestjs/common';
import { Database } from '@steward/database';
import { errors } from '@steward/kernel';
import { randomBytes } from 'node:crypto';
import type { IngestionTables } from '../ingestion-tables';
import { KeyFolder } from '../keys/key-folder';
import { deriveKey, seal, unseal } from '../keys/sealed';
import { identifierHmac } from './subject-identity';
import { SubjectRepository } from './subject.repository';

/** Subjects looked up in one statement. */
const AT_ONCE = 5000;

export interface ResolvedSubject {
  readonly pseudonym: string;
  /** Opened only by who is about to encrypt. */
  readonly key: Buffer;
}

/** Knows who a subject is: finds pseudonyms by identifier, and keeps each subject's key wrapped under the project's. */
@Injectable()
export class SubjectVault {
  constructor(
    private readonly database: Database<IngestionTables>,
    private readonly subjects: SubjectRepository,
    private readonly keys: KeyFolder,
  ) {}

  /**
   * The subjects of normalised identifiers, in their order; new ones are made and durable on return.
   * Throws INGESTION.PROJECT_KEY_LOST.
   */
  async resolve(project: string, column: string, identifiers: readonly string[]): Promise<ResolvedSubject[]> {
    const projectKey = await this.projectKey(project);
    const hmacKey = deriveKey(projectKey, 'identifier-hmac');
    const wrapping = deriveKey(projectKey, 'subject-key-wrapping');
    const hmacs = identifiers.map((identifier) => identifierHmac(hmacKey, column, identifier));
    const resolved: ResolvedSubject[] = [];
    for (let from = 0; from < hmacs.length; from += AT_ONCE) {
      const part = hmacs.slice(from, from + AT_ONCE);
      const { pseudonyms, wrapped } = await this.database.transaction(async (unit) => {
        const found = await this.subjects.resolve(unit, project, part, (pseudonym) =>
          seal(wrapping, randomBytes(32), pseudonym),
        );
        return { pseudonyms: found, wrapped: await this.subjects.wrappedKeys(unit, [...found.values()]) };
      });
      for (const hmac of part) resolved.push(open(pseudonyms.get(hmac), wrapped, wrapping));
    }
    return resolved;
  }

  /** The subject of a normalised identifier, or null: nobody is made. Throws INGESTION.PROJECT_KEY_LOST. */
  async find(project: string, column: string, identifier: string): Promise<string | null> {
    const digest = await this.digester(project, column);
    return this.subjects.findOne(project, digest(identifier));
  }

  /** Gives the HMAC by which a normalised identifier of this column is found. Throws INGESTION.PROJECT_KEY_LOST. */
  async digester(project: string, column: string): Promise<(identifier: string) => string> {
    const hmacKey = deriveKey(await this.projectKey(project), 'identifier-hmac');
    return (identifier) => identifierHmac(hmacKey, column, identifier);
  }

  /** The subject with its key, to read what is encrypted under it; null where it is not one of the project's. */
  async open(project: string, pseudonym: string): Promise<(ResolvedSubject & { createdAt: string }) | null> {
    const held = await this.subjects.held(project, pseudonym);
    if (!held) return null;
    const wrapping = deriveKey(await this.projectKey(project), 'subject-key-wrapping');
    return { pseudonym, key: unseal(wrapping, held.wrappedKey, pseudonym), createdAt: held.createdAt };
  }

  /** Pseudonyms that belong to subjects of the project; of an erased or invented one nothing is kept. */
  known(project: string, pseudonyms: readonly string[]): Promise<Set<string>> {
    return this.subjects.known(project, pseudonyms);
  }

  /** A new key in place of a lost one would give every known person a second pseudonym, in silence. */
  private async projectKey(project: string): Promise<Buffer> {
    const name = `projects/${project}`;
    const key = await this.keys.find(name);
    if (key) return key;
    if (await this.subjects.any(project)) {
      throw errors.internal(
        'INGESTION.PROJECT_KEY_LOST',
        `The key of project ${project} is missing although it has data subjects. Restore the folder of keys.`,
      );
    }
    return this.keys.findOrMake(name);
  }
}

function open(
  pseudonym: string | undefined,
  wrapped: ReadonlyMap<string, Buffer>,
  wrapping: Buffer,
): ResolvedSubject {
  const sealed = pseudonym === undefined ? undefined : wrapped.get(pseudonym);
  if (pseudonym === undefined || !sealed) {
    throw errors.conflict(
      'INGESTION.SUBJECT_GONE',
      'A data subject was erased meanwhile. Send the batch again.',
    );
  }
  return { pseudonym, key: unseal(wrapping, sealed, pseudonym) };
}

/** The identifier that `encryptIdentifier` made this of. Throws INGESTION.SEAL_BROKEN. */
export function decryptIdentifier(subject: ResolvedSubject, column: string, sealed: string): string {
  return unseal(subject.key, Buffer.from(sealed, 'base64'), `${subject.pseudonym}/${column}`).toString(
    'utf8',
  );
}

/** What a Delta column holds of an identifier: base64 of its seal under the subject's key. */
export function encryptIdentifier(subject: ResolvedSubject, column: string, value: string): string {
  return seal(subject.key, Buffer.from(value), `${subject.pseudonym}/${column}`).toString('base64');
}
