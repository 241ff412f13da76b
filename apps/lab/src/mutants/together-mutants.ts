import { type Catcher, type Mutant, edit } from './mutant';

const unit = (file: string): Catcher => ({ kind: 'spec', project: 'unit', file });
const presence = 'libs/api/realtime/src/presence';
const core = 'libs/sdk/src/core';

/** Mutants of presence, typing, receipts and groups. */
export const togetherMutants: readonly Mutant[] = [
  {
    name: 'lease-for-ever',
    broken: 'a node that died holds its people online for ever',
    edits: edit(`${presence}/node-leases.ts`, 'if (now - lastReceivedAt <= leaseMs) continue;', 'continue;'),
    catcher: unit(`${presence}/presence-directory.spec.ts`),
  },
  {
    name: 'missed-words-unnoticed',
    broken: 'a node that missed what another said does not ask again',
    edits: edit(
      `${presence}/node-leases.ts`,
      'return { changed, isBehind: !isNext };',
      'return { changed, isBehind: false };',
    ),
    catcher: unit(`${presence}/node-leases.spec.ts`),
  },
  {
    name: 'receipt-falls',
    broken: 'a late word takes a receipt back',
    edits: edit(`${core}/reads.ts`, 'readSeq: Math.max(mark.readSeq, before?.readSeq ?? 0)', 'readSeq: mark.readSeq'),
    catcher: unit(`${core}/reads.spec.ts`),
  },
  {
    name: 'typing-for-ever',
    broken: 'who stopped typing without a word types for ever',
    edits: edit(
      `${core}/typing.ts`,
      'if (until <= ctx.now) setTyping(ctx, conversationId, undefined);',
      'if (until < 0) return;',
    ),
    catcher: unit(`${core}/typing.spec.ts`),
  },
  {
    name: 'quiet-for-ever',
    broken: 'a quiet time does not end',
    edits: edit(`${core}/summaries.ts`, 'Date.parse(quietUntil) > at', 'Date.parse(quietUntil) > 0'),
    catcher: unit(`${core}/summaries.spec.ts`),
  },
  {
    name: 'invited-by-nobody',
    broken: 'an invitation is told without who sent it',
    edits: edit(
      'libs/api/realtime/src/feeds/sequencer.ts',
      'return change.membership.invitation ? [change.membership.invitation.invitedBy] : [];',
      'return [];',
    ),
    catcher: { kind: 'simulator', setting: 'devices' },
  },
];
