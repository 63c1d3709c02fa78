/** Shows the first administrator's password to whoever started the installation, once. */
export abstract class FirstAdministratorNotice {
  /** Resolves when it has been shown; rejects if it could not be, and then no administrator is made. */
  abstract show(user: string, password: string): Promise<void>;
}
