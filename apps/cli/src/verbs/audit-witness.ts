import { once } from 'node:events';
import { Witness } from '@steward/audit-log';
import type { Command } from 'commander';
import { readKey } from '../audit-bundle';
import type { CommonOptions } from '../session';
import { common, whole, type OpenSession } from '../verb';
import { WitnessFolder } from '../witness/witness-folder';
import { WitnessServer } from '../witness/witness-server';

interface WitnessOptions extends CommonOptions {
  readonly logKey: string;
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** `steward audit witness`: needs no Steward, only its audit log's public key. */
export function registerAuditWitness(audit: Command, open: OpenSession): void {
  common(audit.command('witness'))
    .description('run a witness that cosigns the heads of an audit log; best on a machine of somebody else')
    .argument('<folder>', 'where the witness keeps its key and the last head that it cosigned')
    .requiredOption('--log-key <key>', 'verifier key of the log (steward audit key), or a file that holds it')
    .requiredOption('--name <name>', 'name of the witness, such as witness.example.org/steward')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <port>', 'port to listen on; 0: any', whole, 8090)
    .action(async (folder: string, options: WitnessOptions) => {
      const session = open(options);
      const memory = new WitnessFolder(folder, options.name);
      const witness = new Witness(memory.key, readKey(options.logKey), memory, Date.now);
      const server = new WitnessServer(witness, (status, said) =>
        session.terminal.errors.write(`${new Date().toISOString()} ${status} ${said}\n`),
      );
      const port = await server.listen(options.host, options.port);
      const setting = `${memory.key.verifier.text} http://${options.host}:${port}`;
      session.show({ key: memory.key.verifier.text, port, setting }, () =>
        [
          `The witness listens on http://${options.host}:${port}; end it with Ctrl-C.`,
          'Give governance its key and address, then start it again:',
          `  STEWARD_AUDIT_WITNESS="${setting}"`,
          `Verify with it: steward audit verify FILE --public-key KEY --witness ${memory.key.verifier.text}`,
        ].join('\n'),
      );
      await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
      await server.close();
    });
}
