import { requests, type ErrorBody } from '@cloudhop/contracts';
import type { AppSocket } from '../app-socket';
import { DomainError } from '../domain-error';
import { freezeDetector } from '../freeze-detector';
import { limits } from '../limits';
import type { Metrics } from '../metrics';
import { cutSocket, isCut, isSlowReader } from './cut-socket';
import { SocketPace } from './socket-pace';

type Acknowledge = (reply: { ok: boolean; error?: ErrorBody }) => void;

function acknowledgeOf(event: readonly unknown[]): Acknowledge | undefined {
  const last = event.at(-1);
  return typeof last === 'function' ? (last as Acknowledge) : undefined;
}

/**
 * Stands before all handlers of a socket: paces it, throws away what nobody waits for, answers what nobody handles,
 * counts the rest. Only an event of the contract with one payload and an acknowledgement gets through.
 */
export function guardSocket(socket: AppSocket, metrics: Metrics): void {
  const pace = new SocketPace();

  socket.use((event: unknown[], next) => {
    // Frames that came in one read with the last straw are still handed out, hundreds at times.
    if (isCut(socket)) return;
    const now = performance.now();
    const name = typeof event[0] === 'string' && Object.hasOwn(requests, event[0]) ? event[0] : 'unknown';
    const acknowledge = acknowledgeOf(event);
    const refuse = (error: DomainError | undefined, dropReason: string) => {
      if (error && acknowledge) {
        metrics.socketRequests.inc({ name, outcome: error.code });
        acknowledge({ ok: false, error: error.toBody() });
      } else metrics.droppedEvents.inc({ reason: dropReason });
      if (pace.refuse(now)) cutSocket(socket, 'hostile', metrics);
    };

    const waitMs = pace.admit(now);
    if (waitMs > 0) return refuse(new DomainError('rate_limited', { retryAfterMs: waitMs }), 'rate_limited');
    if (!acknowledge) return refuse(undefined, 'no_acknowledgement');
    if (name === 'unknown') return refuse(new DomainError('unknown_request'), 'unknown_request');
    if (event.length !== 3)
      return refuse(new DomainError('invalid', { fields: { payload: 'must be exactly one' } }), 'invalid');

    event[2] = (reply: Parameters<Acknowledge>[0]) => {
      freezeDetector.check();
      if (isCut(socket)) return;
      metrics.socketRequests.inc({ name, outcome: reply.error?.code ?? 'ok' });
      acknowledge(reply);
      // Refusals by the admission count as those of the pace do: a client that goes on is cut off.
      if (reply.error?.code === 'rate_limited' && pace.refuse(performance.now())) cutSocket(socket, 'hostile', metrics);
      // The sweep would come too late for a client that requests many large pages at once and reads none.
      if (isSlowReader(socket, limits.socketBurstBytes)) cutSocket(socket, 'slow_reader', metrics);
    };
    next();
  });
}
