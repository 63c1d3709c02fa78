import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { errors } from '@steward/kernel';
import type { Terminal } from './terminal';
import { visibleText } from './visible-text';

const LONGEST = 4_096;

/** Asks on a terminal; what is typed shows. */
export function ask(terminal: Terminal, question: string): Promise<string> {
  return answerOf(terminal, question, terminal.errors);
}

/** Asks on a terminal without echo; where the input is no terminal its first line is the answer. */
export async function askSecret(terminal: Terminal, question: string): Promise<string> {
  if (terminal.input.isTTY !== true) return firstLine(terminal);
  terminal.errors.write(visibleText(question));
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const answer = await answerOf(terminal, '', silent);
  terminal.errors.write('\n');
  return answer;
}

async function answerOf(terminal: Terminal, question: string, output: Writable): Promise<string> {
  const reader = createInterface({ input: terminal.input, output, terminal: terminal.input.isTTY === true });
  try {
    return await new Promise<string>((resolve, reject) => {
      reader.question(visibleText(question), resolve);
      reader.once('close', () => reject(noAnswer()));
    });
  } finally {
    reader.close();
  }
}

async function firstLine({ input }: Terminal): Promise<string> {
  let text = '';
  for await (const chunk of input) {
    text += String(chunk);
    if (text.includes('\n') || text.length > LONGEST) break;
  }
  const line = text.split(/\r?\n/, 1)[0] ?? '';
  if (line === '' || line.length > LONGEST) throw noAnswer();
  return line;
}

const noAnswer = () =>
  errors.invalid(
    'CLI.NO_ANSWER',
    'No password came. Type it, give it in STEWARD_PASSWORD, or pipe it into the command.',
  );
