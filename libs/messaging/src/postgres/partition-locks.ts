import { Logger } from '@nestjs/common';
import type { PgDatabase } from '@steward/database';
import type { Client } from 'pg';
import { murmur2 } from '../partition-of';
import { CHANNEL } from './log-notifier';

/** A partition that a process may own. */
export interface PartitionRef {
  readonly topic: string;
  readonly partition: number;
}

const REBALANCE_MS = 1_000;
const RECONNECT_MS = 250;
const MEMBERSHIP = 0;

/** The advisory lock of a partition; 0 is kept for membership. */
const lockOf = ({ topic, partition }: PartitionRef): number =>
  murmur2(Buffer.from(`${topic}/${partition}`)) | 1;

/** What the owner of a {@link PartitionLocks} is told. */
export interface LockListener {
  acquired(ref: PartitionRef): void;
  /** Resolves when the partition's batch in hand is finished. */
  released(ref: PartitionRef): Promise<void>;
  /** Topics with new records; empty: unknown which. */
  woken(topics: readonly string[]): void;
  /** The connection is there, or is lost: then all partitions have been released. */
  connected(yes: boolean): void;
}

/**
 * Shares a group's partitions among the processes of a service by session-level advisory locks on one connection, which
 * also LISTENs: a process that dies frees its partitions at once. Each process takes its fair share, ceil(partitions /
 * processes). Locks only spare useless work; what keeps effects from happening twice is the compare-and-set of offsets.
 */
export class PartitionLocks {
  private readonly logger = new Logger(PartitionLocks.name);
  private readonly group: number;
  private readonly held = new Map<number, PartitionRef>();
  private client: Client | undefined;
  private running: Promise<void> | undefined;
  private stopped = false;
  private wakeUp: () => void = () => undefined;
  /** Milliseconds since the epoch: when the locks were last looked after. */
  turnedAt = Date.now();

  constructor(
    private readonly database: PgDatabase,
    service: string,
    private readonly partitions: readonly PartitionRef[],
    private readonly listener: LockListener,
  ) {
    this.group = murmur2(Buffer.from(`steward group ${service}`)) | 0;
  }

  start(): void {
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.wakeUp();
    await this.running;
  }

  private async run(): Promise<void> {
    let told = false;
    while (!this.stopped) {
      this.turnedAt = Date.now();
      try {
        this.client ??= await this.connect();
        await this.rebalance(this.client);
        told = false;
        await this.sleep(REBALANCE_MS);
      } catch (error) {
        if (!told) this.logger.warn(`Partitions are given back until the database answers: ${String(error)}`);
        told = true;
        await this.disconnect();
        await this.sleep(RECONNECT_MS);
      }
    }
    await this.releaseAll();
    await this.disconnect();
  }

  private async connect(): Promise<Client> {
    const client = await this.database.connect(() => {
      this.client = undefined;
      this.listener.connected(false);
      void this.releaseAll().then(this.wakeUp);
    });
    client.on('notification', ({ payload }) => this.listener.woken(payload ? payload.split(',') : []));
    await client.query(`LISTEN ${CHANNEL}`);
    await client.query('SELECT pg_advisory_lock_shared($1, $2)', [this.group, MEMBERSHIP]);
    this.listener.connected(true);
    return client;
  }

  private async disconnect(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (!client) return;
    this.listener.connected(false);
    await this.releaseAll();
    await client.end().catch(() => undefined);
  }

  private async rebalance(client: Client): Promise<void> {
    const share = Math.ceil(this.partitions.length / (await this.members(client)));
    for (const [lock, ref] of [...this.held].slice(share)) {
      this.held.delete(lock);
      await this.listener.released(ref);
      await client.query('SELECT pg_advisory_unlock($1, $2)', [this.group, lock]);
    }
    for (const ref of this.partitions) {
      if (this.held.size >= share || this.stopped || this.client !== client) return;
      const lock = lockOf(ref);
      if (this.held.has(lock)) continue;
      const { rows } = await client.query<{ got: boolean }>('SELECT pg_try_advisory_lock($1, $2) AS got', [
        this.group,
        lock,
      ]);
      if (!rows[0]?.got) continue;
      this.held.set(lock, ref);
      this.listener.acquired(ref);
    }
  }

  /** How many processes of this service hold the shared membership lock. */
  private async members(client: Client): Promise<number> {
    const { rows } = await client.query<{ members: number }>(
      `SELECT count(*)::int AS members FROM pg_locks
        WHERE locktype = 'advisory' AND mode = 'ShareLock' AND granted AND objsubid = 2
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND classid = ($1::bigint & 4294967295)::oid AND objid = $2::oid`,
      [this.group, MEMBERSHIP],
    );
    return Math.max(1, rows[0]?.members ?? 1);
  }

  private async releaseAll(): Promise<void> {
    const refs = [...this.held.values()];
    this.held.clear();
    await Promise.all(refs.map((ref) => this.listener.released(ref)));
  }

  private async sleep(millis: number): Promise<void> {
    if (this.stopped) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, millis);
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
