import type { ErrorBody, Reply, RequestInput, RequestName, RequestReply } from '@cloudhop/contracts';
import type { Outcome, RequestEffect } from '../core/events';
import { noAnswer, noConnection, requestTimeoutMs } from './authorised-calls';
import type { Dispatch } from './core-runner';
import { ClientError, type ClientSocket, type Connect } from './options';

/** The client's sockets by number, and the requests on them. Dispatches connects, disconnects, facts and answers. */
export class SocketTransport {
  readonly #sockets = new Map<number, ClientSocket>();

  constructor(
    private readonly connect: Connect,
    private readonly dispatch: Dispatch,
  ) {}

  open(socket: number, auth: Parameters<Connect>[0]): void {
    const connection = this.connect(auth, {
      connected: () => this.dispatch({ type: 'connected', socket }),
      failed: (error) => {
        this.#sockets.delete(socket);
        this.dispatch({ type: 'connectFailed', socket, ...(error && { error }) });
      },
      disconnected: () => {
        this.#sockets.delete(socket);
        this.dispatch({ type: 'disconnected', socket });
      },
      factReceived: (name, payload) =>
        this.dispatch({ type: 'factReceived', socket, fact: { name, payload } as never }),
    });
    this.#sockets.set(socket, connection);
  }

  close(socket: number): void {
    this.#sockets.get(socket)?.close();
    this.#sockets.delete(socket);
  }

  /** Sends a request of the core, and dispatches its answer. */
  async send({ socket, requestId, name, payload }: RequestEffect): Promise<void> {
    let outcome: Outcome;
    try {
      const connection = this.#sockets.get(socket);
      if (!connection) throw new Error('the socket is gone');
      outcome = toOutcome((await connection.request(name, payload, requestTimeoutMs)) as Reply<unknown>);
    } catch {
      outcome = { ok: false };
    }
    this.dispatch({ type: 'answered', socket, requestId, outcome });
  }

  /** Sends a request past the core. Rejects with a ClientError. */
  async ask<N extends RequestName>(socket: number, name: N, payload: RequestInput<N>): Promise<RequestReply<N>> {
    const connection = this.#sockets.get(socket);
    if (!connection) throw new ClientError(noConnection);
    const answer = connection.request(name, payload, requestTimeoutMs) as Promise<Reply<RequestReply<N>>>;
    const reply = await answer.catch(() => ({ ok: false as const, error: noAnswer }));
    if (!reply.ok) throw new ClientError(reply.error);
    return reply.data;
  }
}

export function toOutcome<T>(reply: { ok: true; data: T } | { ok: false; error?: ErrorBody }): Outcome<T> {
  if (reply.ok) return { ok: true, data: reply.data };
  return reply.error ? { ok: false, error: reply.error } : { ok: false };
}
