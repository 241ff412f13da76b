import type { IncomingHttpHeaders } from 'node:http';
import { eventLog } from './event-log';
import { limits } from './limits';

const log = eventLog('edge');
/** Length at which a header is cut in a log line: anybody can send one. */
const shownCharacters = 200;

type RefusedHeader = 'Origin' | 'Upgrade';

const lastLoggedAt = new Map<RefusedHeader, number>();

/**
 * Logs that a request was refused because of a header, with advice for the operator of a proxy. At most one line per
 * header and limits.refusedHeaderLogMs, because refused clients retry.
 */
export function logRefusedHeader(header: RefusedHeader, headers: IncomingHttpHeaders, publicUrl?: string): void {
  const now = Date.now();
  if (now - (lastLoggedAt.get(header) ?? -Infinity) < limits.refusedHeaderLogMs) return;
  lastLoggedAt.set(header, now);
  const shown = (value: string | undefined) => value?.slice(0, shownCharacters);
  log.warn('request_refused', {
    header,
    advice:
      header === 'Upgrade'
        ? 'A proxy dropped "Upgrade: websocket". Let it pass the headers Upgrade and Connection, over HTTP/1.1.'
        : 'The page comes from another address than the server knows. Set PUBLIC_URL, or let the proxy pass Host.',
    origin: shown(headers.origin),
    host: shown(headers.host),
    publicUrl,
  });
}

/** Resets the interval of every header, for tests. */
export function forgetRefusedHeaders(): void {
  lastLoggedAt.clear();
}
