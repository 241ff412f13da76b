import type { Message } from '@cloudhop/contracts';
import type { DeviceState } from './device';
import { Ledger } from './ledger';
import type { StoredLog } from './stored-log';
import { judge, problemsOf, verdictLine } from './verdict';

const [author, conversationId] = ['user', 'lobby'];

const aMessage = (seq: number, change: Partial<Message> = {}): Message => ({
  conversationId,
  id: `m${seq}`,
  seq,
  rev: seq,
  authorId: author,
  body: `body ${seq}`,
  createdAt: '2026-01-01T00:00:00.000Z',
  reactions: [],
  attachments: [],
  ...change,
});

const answer = (data: Message) => ({ ok: true, data });

/** Three messages that a device typed and was told of, and everybody agrees. */
function aGoodEnd() {
  const ledger = new Ledger();
  const told = [1, 2, 3].map((seq) => aMessage(seq));
  for (const message of told) {
    ledger.typed('device', message.id, message.body);
    ledger.answered(author, 'message:send', { id: message.id }, answer(message));
  }
  const log = {
    readAt: Date.now() + 60_000,
    head: { seq: 3, rev: 3 },
    told,
    rows: told.map(({ id, seq, rev, authorId, body }) => ({ id, seq, rev, authorId, body, isDeleted: false })),
    reactions: [] as StoredLog['reactions'][number][],
    editIds: new Set<string>(),
  };
  const device = {
    name: 'device',
    userId: author,
    phase: 'live',
    entries: told.map((message) => ({ message, key: message.id, isMine: true, mine: [] as string[] })),
    hasBefore: false,
    rev: 3,
    outbox: [] as DeviceState['outbox'],
  };
  return { ledger, log, device };
}
type End = ReturnType<typeof aGoodEnd>;

function counts({ ledger, log, device }: End) {
  const { acknowledged, lost, doubled, misordered, stale } = judge(ledger, log, [device]);
  return [acknowledged, lost.length, doubled.length, misordered.length, stale.length];
}

test('an end in which every promise was kept has nothing to say', () => {
  expect(counts(aGoodEnd())).toEqual([3, 0, 0, 0, 0]);
});

test.each<[string, (end: End) => void, number[]]>([
  [
    'a message that was acknowledged and is gone is lost',
    ({ log }) => {
      log.rows.pop();
      log.told.pop();
      log.head.seq = 2;
    },
    [3, 1, 0, 0, 1],
  ],
  [
    'a message that was acknowledged while the log was being read may be missing from it',
    ({ log }) => {
      log.rows.pop();
      log.told.pop();
      log.head.seq = 2;
      log.readAt = 0;
    },
    [3, 0, 0, 0, 1],
  ],
  [
    'a message that was typed and never arrived is lost',
    ({ ledger }) => ledger.typed('device', 'm4', 'body 4'),
    [3, 1, 0, 0, 0],
  ],
  [
    'a message that was taken away before it left may be nowhere',
    ({ ledger }) => {
      ledger.typed('device', 'm4', 'body 4');
      ledger.removed('device', 'm4');
    },
    [3, 0, 0, 0, 0],
  ],
  ['another text than the typed one is lost', ({ log }) => (log.rows[0]!.body = 'other'), [3, 1, 0, 0, 0]],
  [
    'an acknowledged edit that is not stored is lost, and so is its text',
    ({ ledger }) => {
      ledger.edited.add('m1');
      ledger.answered(author, 'message:edit', { id: 'm1', editId: 'e1' }, answer(aMessage(1, { body: 'new', rev: 4 })));
    },
    [3, 2, 0, 0, 0],
  ],
  [
    'an acknowledged deletion of what is still there is lost',
    ({ ledger }) => ledger.answered(author, 'message:delete', { id: 'm1' }, answer(aMessage(1, { rev: 4 }))),
    [3, 1, 0, 0, 0],
  ],
  [
    'a reaction that is not as its last acknowledgement said is lost',
    ({ ledger, log }) => {
      const react = (on: boolean, rev: number) =>
        ledger.answered(author, 'message:react', { id: 'm1', emoji: '🎉', on }, answer(aMessage(1, { rev })));
      react(false, 5);
      react(true, 4);
      log.reactions.push({ seq: 1, userId: author, emoji: '🎉', isOn: true, rev: 6 });
    },
    [3, 1, 0, 0, 1],
  ],
  [
    'two rows of one id are doubled',
    ({ log }) => {
      log.rows.push({ ...log.rows[0]!, seq: 4 });
      log.told.push(aMessage(1, { seq: 4 }));
      log.head.seq = 4;
    },
    [3, 1, 2, 2, 1],
  ],
  [
    'a second acknowledgement with another seq is doubled',
    ({ ledger }) => ledger.answered(author, 'message:send', { id: 'm1' }, answer(aMessage(9, { id: 'm1' }))),
    [3, 1, 1, 0, 0],
  ],
  [
    'a hole is out of order',
    ({ log }) => {
      log.rows.splice(1, 1);
      log.told.splice(1, 1);
    },
    [3, 1, 0, 2, 1],
  ],
  [
    'what a device typed later and stands earlier is out of order',
    ({ ledger }) => {
      const [first, ...others] = [...ledger.sends.values()];
      ledger.sends.clear();
      for (const send of [...others, first!]) ledger.sends.set(send.id, send);
    },
    [3, 0, 0, 1, 0],
  ],
  [
    'a line that differs is stale',
    ({ device }) => (device.entries[1] = { ...device.entries[1]!, message: aMessage(2, { body: 'old' }) }),
    [3, 0, 0, 0, 1],
  ],
  [
    'a missing own reaction is stale',
    ({ log }) => log.reactions.push({ seq: 2, userId: author, emoji: '🎉', isOn: true, rev: 3 }),
    [3, 0, 0, 0, 1],
  ],
  ['a device that is not live is stale', ({ device }) => (device.phase = 'offline'), [3, 0, 0, 0, 1]],
  [
    'what still waits in the outbox is stale',
    ({ device }) => (device.outbox = [{ entryId: 'e', kind: 'send', state: 'failed', error: { code: 'internal' } }]),
    [3, 0, 0, 0, 1],
  ],
])('%s', (_name, harm, expected) => {
  const end = aGoodEnd();
  harm(end);
  expect(counts(end)).toEqual(expected);
});

test('I13: an answer with a text whose deletion was acknowledged before it was asked for is a leak', () => {
  const { ledger, log, device } = aGoodEnd();
  const page = {
    ok: true,
    data: { messages: [aMessage(4, { quote: { seq: 1, rev: 1, authorId: author, body: 'body 1' } })] },
  };
  const deleted = aMessage(1, { rev: 5, body: '', deletedAt: '2026-01-01T00:00:01.000Z' });
  ledger.answered(author, 'message:delete', { id: 'm1' }, answer(deleted));
  ledger.answered(author, 'conversation:history', {}, page, Date.now() - 1_000);
  expect(judge(ledger, log, [device]).leaked).toEqual([]);
  ledger.answered(author, 'conversation:history', {}, page, Date.now() + 1_000);
  expect(judge(ledger, log, [device]).leaked).toEqual(['conversation:history answered “body 1”, which was gone']);
});

test('what is forged is found in whatever arrived, at any device', () => {
  const { ledger, log, device } = aGoodEnd();
  const watchers = new Ledger();
  ledger.received('device', 'conversation:changed', '{"body":"body 1"}');
  expect(judge(ledger, log, [device]).forged).toEqual([]);
  watchers.received('observer', 'conversation:changed', '{"body":"FORGED 7"}');
  expect(judge(ledger, log, [device], { presence: [], afterBan: [], ledgers: [watchers] }).forged).toEqual([
    'observer received a forged conversation:changed: {"body":"FORGED 7"}',
  ]);
});

test('the last line counts every kind of broken promise, those that were watched too', () => {
  const { ledger, log, device } = aGoodEnd();
  const watched = { presence: ['a', 'b'], afterBan: ['c'], ledgers: [] };
  const verdict = judge(ledger, log, [device], watched);
  expect(verdictLine(verdict)).toBe(
    'acknowledged 3, lost 0, doubled 0, misordered 0, stale 0, leaked 0, presence 2, after a ban 1, forged 0',
  );
  expect(problemsOf(verdict)).toContainEqual(['after a ban', ['c']]);
});
