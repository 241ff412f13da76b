import { Counter } from 'prom-client';
import { eventLog } from './event-log';

const rowsLog = eventLog('rows');
/** Reported rows that are remembered; beyond it all are forgotten, and reported again. */
const maxReported = 10_000;
const reported = new Set<string>();

/** Counter of the process: code that renders rows has no Metrics. */
export const badRows = new Counter({
  name: 'cloudhop_bad_rows_total',
  help: 'Rows that could not be rendered, and so were left out or shown as deleted. Each is counted once.',
  labelNames: ['kind'] as const,
  registers: [],
});

/** Renderer of one kind of row, with a stand-in for a row that can't be rendered. */
export interface RowRenderer<R, T> {
  kind: string;
  /** Returns the row's name in the log: its keys, never its content. */
  keyOf: (row: R) => string;
  render: (row: R) => T;
  /** Returns the stand-in. Without it, a row that can't be rendered is left out. */
  instead?: (row: R) => T;
}

/** Renders a row. If that fails, reports the row once, and returns its stand-in, or undefined without one. */
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

/** Renders rows one by one, so that a bad one never stops the others. */
export function renderRows<R, T>(renderer: RowRenderer<R, T>, rows: readonly R[]): T[] {
  return rows.flatMap((row) => renderRow(renderer, row) ?? []);
}

function reportBadRow<R>(kind: string, row: R, keyOf: (row: R) => string, error: unknown): void {
  let key = 'unknown';
  try {
    key = keyOf(row);
  } catch {
    // The value isn't even a row.
  }
  const name = `${kind} ${key}`;
  if (reported.has(name)) return;
  if (reported.size >= maxReported) reported.clear();
  reported.add(name);
  badRows.inc({ kind });
  rowsLog.error('rows.unrenderable', error, { kind, key });
}
