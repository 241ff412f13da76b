import type { ApiProcess } from '@cloudhop/api/platform/testing';
import type { Conversation, Session } from '@cloudhop/contracts';
import { v7 as uuidv7 } from 'uuid';
import { type Visitor, aGuestSession, aVisitor } from './visitor';

/** People and rooms of one server, made by the doors that people use. */
export class RoomsOf {
  #accounts = 0;

  constructor(private readonly api: () => ApiProcess) {}

  /** Somebody with an account. */
  readonly aMember = async (): Promise<Visitor> => {
    const response = await fetch(`${this.api().url}/api/auth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: `someone_${++this.#accounts}`, password: 'correct horse battery' }),
    });
    return aVisitor(this.api().url, (await response.json()) as Session);
  };

  readonly aGuest = async (): Promise<Visitor> => aVisitor(this.api().url, await aGuestSession(this.api().url));

  readonly aRoom = async (owner: Visitor, room: object = {}): Promise<Conversation> => {
    const { status, json } = await asked<Conversation>(owner, 'POST', '/rooms', { name: `Room ${uuidv7()}`, ...room });
    expect(status).toBe(201);
    return json;
  };
}

/** Calls a route. Returns the status, and the error code of a refusal. */
export async function asked<T>(visitor: Visitor, method: string, path: string, body?: unknown) {
  const response = await visitor.rest(method, path, body ?? (method === 'GET' ? undefined : {}));
  const json = (await response.json()) as T & { error?: { code: string; retryAfterMs?: number } };
  return { status: response.status, json, code: json.error?.code };
}

export const join = (visitor: Visitor, slug: string, invite?: string) =>
  visitor.request('room:join', { slug, ...(invite !== undefined && { invite }) });

export const say = (visitor: Visitor, conversationId: string, body = 'hello', id = uuidv7()) =>
  visitor.request('message:send', { conversationId, id, body });

/** `ok`, or why not. */
export const codeOf = (reply: { ok: boolean; error?: { code: string } }) => (reply.ok ? 'ok' : reply.error!.code);
