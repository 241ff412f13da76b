import { Counter } from 'prom-client';
import { type EventLog, eventLog } from './event-log';

const rowsLog = eventLog('rows');
/** Rows that were reported; when there are so many, all are forgotten and reported again. */
const maxReported = 10_000;
const reported = new Set<string>();

/** Counted for the whole process: whatever renders a row has no metrics at hand. */
export const badRows = new Counter({
  name: 'cloudhop_bad_rows_total',
  help: 'Rows that could not be rendered, and so were left out or shown as deleted. Each is counted once.',
  labelNames: ['kind'] as const,
  registers: [],
});

/** How one kind of row is rendered, and what becomes of one that can't be. */
export interface RowRenderer<R, T> {
  kind: string;
  /** Names the row in the log: its keys, never what it holds. */
  keyOf: (row: R) => string;
  render: (row: R) => T;
  /** Stands for a row that can't be rendered; without it the row is left out. */
  instead?: (row: R) => T;
}

/** Renders a row. Returns its stand-in, or nothing, if it can't be rendered, and reports it once. */
export function renderRow<R, T>({ kind, keyOf, render, instead }: RowRenderer<R, T>, row: R): T | undefined {
  try {
    return render(row);
  } catch (error) {
    reportBadRow(kind, row, keyOf, error);
  }
  try {
    return instead?.(row);
  } catch {
    return undefined;
  }
}

/** Renders rows one by one: a bad one never stops the others. */
export function renderRows<R, T>(renderer: RowRenderer<R, T>, rows: readonly R[]): T[] {
  return rows.flatMap((row) => renderRow(renderer, row) ?? []);
}

function reportBadRow<R>(kind: string, row: R, keyOf: (row: R) => string, error: unknown): void {
  let key = 'unknown';
  try {
    key = keyOf(row);
  } catch {
    // It is no row at all.
  }
  const name = `${kind} ${key}`;
  if (reported.has(name)) return;
  if (reported.size >= maxReported) reported.clear();
  reported.add(name);
  badRows.inc({ kind });
  rowsLog.error('rows.unrenderable', error, { kind, key });
}

/**
 * Runs work on which nobody waits: that of a timer, a listener or a turn of a loop. What it throws is logged under
 * `event` and ends there: it would end the process, or keep the others from their turn.
 */
export function isolate(log: EventLog, event: string, work: () => unknown): void {
  const failed = (error: unknown) => log.error(event, error);
  try {
    const result = work();
    if (result instanceof Promise) result.catch(failed);
  } catch (error) {
    failed(error);
  }
}
