import type { IncomingHttpHeaders } from 'node:http';
import { eventLog } from './event-log';
import { limits } from './limits';

const log = eventLog('edge');
/** What a log line shows of a header, which anybody can fill. */
const shownCharacters = 200;

type Blamed = 'Origin' | 'Upgrade';

const lastSaidAt = new Map<Blamed, number>();

/**
 * Logs that a request was refused because of a header, for the operator of a proxy that sets or drops it. At most one
 * line per header and interval, because whoever is refused comes back.
 */
export function logRefusedHeader(header: Blamed, headers: IncomingHttpHeaders, publicUrl?: string): void {
  const now = Date.now();
  if (now - (lastSaidAt.get(header) ?? -Infinity) < limits.refusedHeaderLogMs) return;
  lastSaidAt.set(header, now);
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

/** Forgets what was said, so that tests begin anew. */
export function forgetRefusedHeaders(): void {
  lastSaidAt.clear();
}
