import { type Catcher, type Mutant, edit } from './mutant';

const unit = (file: string): Catcher => ({ kind: 'spec', project: 'unit', file });
const presence = 'libs/api/realtime/src/presence';
const nodes = 'libs/api/realtime/src/nodes';
const core = 'libs/sdk/src/core';

/** Mutants of presence, typing, receipts and groups. */
export const togetherMutants: readonly Mutant[] = [
  {
    name: 'lease-for-ever',
    broken: 'a node that died holds its people online for ever',
    edits: edit(
      `${nodes}/node-directory.ts`,
      'if (now - receivedAt > limits.nodeLeaseMs) this.#forget(id, false);',
      'if (receivedAt > now) this.#forget(id, false);',
    ),
    catcher: unit(`${presence}/presence-directory.spec.ts`),
  },
  {
    name: 'missed-words-unnoticed',
    broken: 'a node that missed what another said does not ask again',
    edits: edit(`${nodes}/replica.ts`, 'if (n !== peer.n + 1) {', 'if (n < peer.n) {'),
    catcher: unit(`${nodes}/replica.spec.ts`),
  },
  {
    name: 'full-state-keeps-ghosts',
    broken: 'a full state does not end what is no longer in it',
    edits: edit(`${nodes}/replica.ts`, 'if (entry.n >= peer.fullFrom) continue;', 'if (entry.n > 0) continue;'),
    catcher: unit(`${nodes}/replica.spec.ts`),
  },
  {
    name: 'presence-summed',
    broken: 'who has devices on two nodes counts twice',
    edits: edit(
      `${presence}/presence-registry.ts`,
      'this.#toFact(place.id, this.#counted(place), changes)',
      'this.#toFact(place.id, [...place.present.values()].reduce((sum, { nodes, sockets }) => sum + nodes.size + Math.min(1, sockets.size), 0), changes)',
    ),
    catcher: unit(`${presence}/presence-nodes.spec.ts`),
  },
  {
    name: 'gone-with-the-first-node',
    broken: 'who is still connected to another node leaves with the first one',
    edits: edit(
      `${presence}/presence-registry.ts`,
      'if (present.nodes.size + present.sockets.size === 0) this.#disappear',
      'if (present.nodes.size >= 0) this.#disappear',
    ),
    catcher: unit(`${presence}/presence-nodes.spec.ts`),
  },
  {
    name: 'interruption-told-as-leaves',
    broken: 'those who can not be reached are told to have left',
    edits: edit(
      `${presence}/presence-registry.ts`,
      "const isUnreachable = isGone && this.bus.state === 'interrupted';",
      'const isUnreachable = false;',
    ),
    catcher: unit(`${presence}/presence-nodes.spec.ts`),
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
