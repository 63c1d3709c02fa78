import type { Recipient } from '@steward/subjects';

/** The key pair to which services seal what they gather, and archives are sealed; kept in a file outside the database. */
export abstract class GatheringKey implements Recipient {
  abstract readonly publicKey: string;
  abstract readonly privateKey: string;
}
