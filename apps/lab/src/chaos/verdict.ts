import type { Message } from '@cloudhop/contracts';
import type { DeviceState } from './device';
import type { AcknowledgedChange, Ledger, SentMessage } from './ledger';
import type { StoredLog, StoredMessage } from './stored-log';

/** Broken promises, one sentence each. */
export interface Verdict {
  acknowledged: number;
  lost: string[];
  doubled: string[];
  misordered: string[];
  stale: string[];
  /** Answers with a text that was gone. */
  leaked: string[];
  /** Users who are listed and left, or are present and not listed, and numbers that differ. */
  presence: string[];
  /** Deliveries after a ban or a removal. */
  afterBan: string[];
  /** Forged messages that arrived. */
  forged: string[];
}

/** Broken promises by their names, as the last line of a run has them. */
export function problemsOf(verdict: Verdict): [name: string, sentences: readonly string[]][] {
  const { lost, doubled, misordered, stale, leaked, presence, afterBan, forged } = verdict;
  return Object.entries({ lost, doubled, misordered, stale, leaked, presence, 'after a ban': afterBan, forged });
}

/** The last line of a run. */
export function verdictLine(verdict: Verdict): string {
  const counts = problemsOf(verdict).map(([name, sentences]) => `${name} ${sentences.length}`);
  return [`acknowledged ${verdict.acknowledged}`, ...counts].join(', ');
}

/** Findings from during the run, beside the history. */
export interface Watched {
  presence: readonly string[];
  afterBan: readonly string[];
  /** Of devices that are no part of the history. */
  ledgers: readonly Ledger[];
}

const nothingWatched: Watched = { presence: [], afterBan: [], ledgers: [] };

/** Holds what was promised against what is there. */
export function judge(
  ledger: Ledger,
  log: StoredLog,
  devices: readonly DeviceState[],
  { presence, afterBan, ledgers }: Watched = nothingWatched,
): Verdict {
  const sends = [...ledger.sends.values()];
  return {
    acknowledged: sends.filter(({ seq }) => seq !== undefined).length,
    lost: [...lostMessages(ledger, sends, log), ...lostChanges(ledger, log)],
    doubled: [...ledger.contradictions, ...doubledMessages(log)],
    misordered: [...holes(log), ...overtaken(sends, log)],
    stale: devices.flatMap((device) => staleLines(device, log)),
    leaked: [ledger, ...ledgers].flatMap(({ leaks }) => leaks),
    presence: [...presence],
    afterBan: [...afterBan],
    forged: [ledger, ...ledgers].flatMap(({ forged }) => forged),
  };
}

function lostMessages(ledger: Ledger, sends: readonly SentMessage[], log: StoredLog): string[] {
  const rows = new Map(log.rows.map((row) => [row.id, row]));
  const removed = ledger.removedMessages;
  return sends.flatMap((send): string[] => {
    const { id, seq, body, device, acknowledgedAt } = send;
    const row = rows.get(id);
    const name = `${device}: ${id} “${body}”`;
    if (!row) {
      // Nobody agreed with the server in time, and it was still storing: then they are stale.
      if (acknowledgedAt !== undefined && acknowledgedAt > log.readAt) return [];
      if (seq !== undefined) return [`${name} was acknowledged as ${seq} and is not stored`];
      // Who floods does not send again; what was taken away before it left needs no server.
      return removed.has(id) || device.startsWith('rude') ? [] : [`${name} was typed and is not stored`];
    }
    if (seq !== undefined && seq !== row.seq) return [`${name} was acknowledged as ${seq} and is stored as ${row.seq}`];
    if (removed.has(id)) return row.isDeleted ? [] : [`${name} was taken away and is there`];
    if (row.isDeleted) return [`${name} is gone and nobody took it away`];
    return row.body === body || ledger.edited.has(id) ? [] : [`${name} is stored as “${row.body}”`];
  });
}

function lostChanges({ changes }: Ledger, log: StoredLog): string[] {
  const rows = new Map(log.rows.map((row) => [row.id, row]));
  const lost: string[] = [];
  for (const [messageId, ofMessage] of Map.groupBy(changes, (change) => change.messageId)) {
    const row = rows.get(messageId);
    if (!row) lost.push(`a change of ${messageId} was acknowledged and the message is not stored`);
    else if (!row.isDeleted) lost.push(...lostEdits(row, ofMessage, log), ...lostReactions(row, ofMessage, log));
  }
  return lost;
}

function lostEdits(row: StoredMessage, changes: readonly AcknowledgedChange[], { editIds }: StoredLog): string[] {
  const lost = changes.some(({ kind }) => kind === 'delete') ? [`${row.id} was deleted and is there`] : [];
  const edits = changes.filter(({ kind }) => kind === 'edit');
  for (const { editId } of edits) if (!editIds.has(editId!)) lost.push(`the edit ${editId} of ${row.id} is not stored`);
  // Each answer tells the message as it stood: the latest of them knows the last edit.
  const last = latest(edits);
  if (last && last.reply.body !== row.body)
    lost.push(`${row.id} was acknowledged as “${last.reply.body}” and is “${row.body}”`);
  return lost;
}

function lostReactions(row: StoredMessage, changes: readonly AcknowledgedChange[], { reactions }: StoredLog): string[] {
  const own = Map.groupBy(
    changes.filter(({ kind }) => kind === 'react'),
    ({ userId, emoji }) => `${userId} ${emoji}`,
  );
  return [...own.values()].flatMap((ofOne) => {
    const last = latest(ofOne)!;
    const stored = reactions.find(
      ({ seq, userId, emoji }) => seq === row.seq && userId === last.userId && emoji === last.emoji,
    );
    return (stored?.isOn ?? false) === last.on
      ? []
      : [`${last.emoji} of ${last.userId} on ${row.id} was acknowledged as ${last.on ? 'on' : 'off'} and is not`];
  });
}

function latest(changes: readonly AcknowledgedChange[]): AcknowledgedChange | undefined {
  return changes.reduce<AcknowledgedChange | undefined>(
    (last, change) => (last && last.reply.rev > change.reply.rev ? last : change),
    undefined,
  );
}

function doubledMessages({ rows, told }: StoredLog): string[] {
  const doubled = (ids: readonly string[], where: string) =>
    [...Map.groupBy(ids, (id) => id)]
      .filter(([, uses]) => uses.length > 1)
      .map(([id, uses]) => `${id} is ${uses.length} times ${where}`);
  return [
    ...doubled(
      rows.map(({ id }) => id),
      'in Postgres',
    ),
    ...doubled(
      told.map(({ id }) => id),
      'in the pages of history',
    ),
  ];
}

function holes({ rows, told, head }: StoredLog): string[] {
  const dense = (seqs: readonly number[], where: string) => {
    const at = seqs.findIndex((seq, i) => seq !== i + 1);
    if (at !== -1) return [`${where} has ${seqs[at]} where ${at + 1} should be`];
    return seqs.length === head.seq ? [] : [`${where} ends at ${seqs.length} and the head is ${head.seq}`];
  };
  return [
    ...dense(
      rows.map(({ seq }) => seq),
      'Postgres',
    ),
    ...dense(
      told.map(({ seq }) => seq),
      'the history',
    ),
  ];
}

/** Finds messages of one device that are not stored in the order in which they were typed. */
function overtaken(sends: readonly SentMessage[], { rows }: StoredLog): string[] {
  const seqs = new Map(rows.map(({ id, seq }) => [id, seq]));
  return [...Map.groupBy(sends, ({ device }) => device)].flatMap(([device, own]) => {
    let highest = 0;
    return own.flatMap(({ id, body }) => {
      const seq = seqs.get(id);
      if (seq === undefined) return [];
      const isOvertaken = seq < highest;
      highest = Math.max(highest, seq);
      return isOvertaken ? [`${device}: ${id} “${body}” stands at ${seq}, below one that was typed before it`] : [];
    });
  });
}

/** Finds differences between a device and the server, and entries left in its outbox. */
export function staleLines(device: DeviceState, log: StoredLog): string[] {
  const { name, entries, outbox, phase, hasBefore, userId, rev } = device;
  const stale: string[] = [];
  if (phase !== 'live') stale.push(`${name} is ${phase}`);
  if (rev !== log.head.rev) stale.push(`${name} is at revision ${rev} of ${log.head.rev}`);
  for (const { kind, entryId, state, error } of outbox)
    stale.push(`${name} still has to ${kind} ${entryId} (${state}${error ? `, ${error.code}` : ''})`);
  const visible = log.told.filter(({ deletedAt }) => deletedAt === undefined);
  const first = hasBefore ? (entries[0]?.message.seq ?? Infinity) : 0;
  const expected = visible.filter(({ seq }) => seq >= first);
  if (hasBefore && entries.length === 0) stale.push(`${name} shows nothing`);
  const mine = Map.groupBy(
    log.reactions.filter((reaction) => reaction.isOn && reaction.userId === userId),
    ({ seq }) => seq,
  );
  for (let i = 0; i < Math.max(entries.length, expected.length); i++) {
    const [entry, message] = [entries[i], expected[i]];
    const emoji = message && (mine.get(message.seq) ?? []).map((reaction) => reaction.emoji);
    const shown = entry && `${textOf(entry.message)} ${[...entry.mine].sort().join(' ')}`;
    const right = message && `${textOf(message)} ${emoji!.sort().join(' ')}`;
    if (shown === right) continue;
    stale.push(`${name} shows ${shown} where the server has ${right}`);
    break;
  }
  return stale;
}

/** Every device is held against the same thousands of messages. */
const texts = new WeakMap<Message, string>();

function textOf(message: Message): string {
  const known = texts.get(message) ?? canonical(message);
  texts.set(message, known);
  return known;
}

/** As JSON with sorted keys, so that equal things are equal text. */
function canonical(value: unknown): string {
  if (value === undefined) return 'nothing';
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
