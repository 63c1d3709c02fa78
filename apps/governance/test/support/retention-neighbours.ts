import { join } from 'node:path';
import { LocalArtifactStore } from '@steward/artifacts';
import { RetentionAnswered, type RetentionMode } from '@steward/contracts';
import { RetentionOrders, type RetentionPart, type RetentionReport } from '@steward/subjects';
import { eventually, Neighbour } from '@steward/testing';
import { PROJECT, type GovernanceHouse } from './governance-house';

const SERVICES = ['ingestion', 'monitoring'] as const;

/** The two other services that delete by age: they say what they counted or deleted. */
export class RetentionNeighbours {
  private readonly artifacts: LocalArtifactStore;
  private readonly neighbours = new Map<(typeof SERVICES)[number], Neighbour>();

  private constructor(private readonly house: GovernanceHouse) {
    this.artifacts = new LocalArtifactStore(join(house.folder, 'artifacts'));
  }

  static async start(house: GovernanceHouse): Promise<RetentionNeighbours> {
    const started = new RetentionNeighbours(house);
    for (const service of SERVICES) {
      const neighbour = new Neighbour(service, house.database.urlOf(service));
      await neighbour.start();
      started.neighbours.set(service, neighbour);
    }
    return started;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.neighbours.values()].map((neighbour) => neighbour.stop()));
  }

  /** The orders of a run, once governance has given them. */
  orderOf(runId: string, mode: RetentionMode): Promise<RetentionOrders> {
    return eventually(() => this.given(runId, mode));
  }

  /** The same, if they are given already; else it throws. */
  async given(runId: string, mode: RetentionMode): Promise<RetentionOrders> {
    const told = (await this.house.events('steward.governance.retention-order.v1')).find(
      (event) => event['runId'] === runId && event['mode'] === mode,
    );
    expect(told).toBeDefined();
    const bytes = await this.artifacts.read(String(told!['ordersDigest']));
    return RetentionOrders.parse(JSON.parse(bytes.toString('utf8')));
  }

  /** Ingestion has so many old rows of a dataset, monitoring none. */
  async answer(runId: string, mode: RetentionMode, rows: number): Promise<void> {
    await this.orderOf(runId, mode);
    for (const [service, neighbour] of this.neighbours) {
      const part: RetentionPart = {
        class: 'dataset-versions',
        store: 'dataset-rows',
        name: 'people',
        items: rows,
        oldest: new Date(Date.now() - 500 * 86_400_000).toISOString(),
        oldDigest: null,
        newDigest: null,
      };
      const report: RetentionReport = {
        format: 'steward-retention-report/1',
        service,
        runId,
        mode,
        completedAt: new Date().toISOString(),
        parts: service === 'ingestion' && rows > 0 ? [part] : [],
        held: [],
      };
      const { digest: reportDigest } = await this.artifacts.put(Buffer.from(JSON.stringify(report)));
      const items = report.parts.reduce((sum, each) => sum + each.items, 0);
      await neighbour.say(RetentionAnswered[service], {
        subject: PROJECT,
        project: PROJECT,
        payload: { runId, mode, reportDigest, items, held: 0 },
      });
    }
  }
}
