import { cpus } from 'node:os';
import { describePinning } from './processes';
import { withDatabase } from './server-under-test';

/** A number as a table shows it: three digits that matter. */
export function cell(value: number): string {
  if (Number.isNaN(value)) return '–';
  if (value >= 10_000) return Math.round(value).toLocaleString('en');
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** A Markdown table, padded as the formatter wants it. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((title, n) => Math.max(3, title.length, ...rows.map((row) => row[n]!.length)));
  const line = (cells: readonly string[], fill: string) =>
    `| ${cells.map((text, n) => text.padEnd(widths[n]!, fill)).join(' | ')} |`;
  return [
    line(head, ' '),
    line(
      head.map(() => '---'),
      '-',
    ),
    ...rows.map((row) => line(row, ' ')),
  ];
}

/** An aim beside what was measured. */
export function verdict(aim: string, isMet: boolean, measured: string): string[] {
  return [aim, measured, isMet ? 'met' : '**missed**'];
}

/** The machine that the numbers are of. */
export async function describeMachine(): Promise<string> {
  const postgres = await withDatabase(async (client) => {
    const { rows } = await client.query<{ version: string }>(`select current_setting('server_version') as version`);
    return rows[0]!.version;
  });
  const cores = cpus();
  return `${cores[0]?.model.trim() ?? 'unknown processor'}, ${cores.length} cores; Node ${process.versions.node}, PostgreSQL ${postgres}. ${describePinning()}`;
}
