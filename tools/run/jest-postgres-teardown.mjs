/** Stops the server of jest-postgres-setup.mjs and deletes its data. */
export default async function teardown() {
  await globalThis.stewardTestPostgres?.stop();
}
