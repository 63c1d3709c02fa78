/** Hashes passwords so that guessing is dear. Abstract class = injection token. */
export abstract class PasswordHasher {
  abstract hash(password: string): Promise<string>;
  /** Takes as long for `null` (no such user) as for a hash, and is false then. */
  abstract verify(hash: string | null, password: string): Promise<boolean>;
}
