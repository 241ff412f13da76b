import { Injectable, inject } from '@angular/core';
import type { ServerStatus } from '@cloudhop/contracts';
import { type HttpOutcome, fetchRestApi } from '@cloudhop/sdk';
import { ClientStore } from '@cloudhop/web/state';

/** Answer to a ping of the socket. */
export interface Ping {
  /** Name of the node that holds the connection. */
  node: string;
  roundTripMs: number;
}

/** Source of the status: REST, which needs neither a session nor a socket, and the socket for what belongs to it. */
@Injectable({ providedIn: 'root' })
export class StatusSource {
  readonly #api = fetchRestApi();
  readonly #store = inject(ClientStore);

  /** Never rejects. */
  load(): Promise<HttpOutcome<ServerStatus>> {
    return this.#api.call('status.get', {});
  }

  /** Measures the round trip of the socket. Resolves with undefined without a connection. */
  async ping(): Promise<Ping | undefined> {
    const sentAt = performance.now();
    try {
      const { node } = await this.#store.act.ask('connection:ping', {});
      return { node: node.name, roundTripMs: performance.now() - sentAt };
    } catch {
      return undefined;
    }
  }
}
