import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { DEFAULT_READ_BYTES, ObjectStore } from './artifact-store';
import { ByteBound } from './byte-bound';
import type { DurableFolder } from './durable-folder';
import { filesBelow, isGone, openFile, readBounded } from './file-reading';
import { objectPath } from './object-path';

/** Objects as files of a folder. Several processes may share it. */
export class LocalObjectStore extends ObjectStore {
  constructor(
    private readonly root: string,
    private readonly durable: DurableFolder,
    private readonly maxBytes: number,
  ) {
    super();
  }

  async putIfAbsent(path: string, content: Uint8Array): Promise<boolean> {
    const target = this.fileOf(path);
    return this.durable.publishIfAbsent(
      await this.durable.stage(content, new ByteBound(this.maxBytes)),
      target,
    );
  }

  async put(path: string, content: Uint8Array): Promise<void> {
    const target = this.fileOf(path);
    await this.durable.publish(await this.durable.stage(content, new ByteBound(this.maxBytes)), target);
  }

  async putStream(path: string, content: Readable, options: { maxBytes?: number } = {}): Promise<number> {
    const target = this.fileOf(path);
    const bound = new ByteBound(options.maxBytes ?? this.maxBytes);
    await this.durable.publish(await this.durable.stage(content, bound), target);
    return bound.size;
  }

  async get(path: string, options: { maxBytes?: number } = {}): Promise<Buffer> {
    return readBounded(this.fileOf(path), path, options.maxBytes ?? DEFAULT_READ_BYTES);
  }

  async getStream(path: string): Promise<Readable> {
    const { handle } = await openFile(this.fileOf(path), path);
    return handle.createReadStream();
  }

  async exists(path: string): Promise<boolean> {
    try {
      await access(this.fileOf(path));
      return true;
    } catch (error) {
      if (isGone(error)) return false;
      throw error;
    }
  }

  async list(prefix: string): Promise<string[]> {
    const folder = prefix === '' ? this.root : this.fileOf(prefix);
    return (await filesBelow(folder, prefix)).sort();
  }

  async delete(path: string): Promise<void> {
    await this.durable.remove(this.fileOf(path));
  }

  urlOf(path: string): string {
    return pathToFileURL(this.fileOf(path)).href;
  }

  private fileOf(path: string): string {
    return join(this.root, objectPath(path));
  }
}
