import { z } from 'zod';

const Word = z.string().min(1).max(100);
const Text = z.string().min(1).max(200);

/** A rule as people write it. What it may name is checked by `ruleFaults`, which has a sentence for each fault. */
export const Rule = z.strictObject({
  action: z.array(Word).min(1).max(30),
  subject: z.array(Word).min(1).max(50),
  conditions: z
    .record(Word, z.union([Text, z.record(Word, z.union([Text, z.array(Text).max(100)]))]))
    .optional(),
  inverted: z.boolean().optional(),
});
export const Rules = z.array(Rule).max(100);
