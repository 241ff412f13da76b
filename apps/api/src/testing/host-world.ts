import type { ApiProcess } from '@cloudhop/api/platform/testing';
import type { TestDatabase } from '@cloudhop/api/database/testing';
import type { ErrorCode, Reply, RequestName, Session } from '@cloudhop/contracts';
import { v7 as uuidv7 } from 'uuid';
import { type Visitor, aGuestSession, aVisitor } from './visitor';

export const people = ['guest', 'stranger', 'blocked', 'friend', 'host'] as const;
export type Person = (typeof people)[number];
export type Outcome = 'ok' | ErrorCode;
/** One outcome for all, or one for each; who is not named has `others`. */
export type Outcomes = Outcome | ({ others: Outcome } & Partial<Record<Person, Outcome>>);

export interface Ask {
  outcomes: Outcomes;
  /** Returns the input of the request, about things of the host if there are any. */
  input?: (place: Place) => unknown;
}

export interface Place {
  person: Person;
  host: Visitor;
  me: Visitor;
  /** The direct conversation of the host and this person; the host's own is "Saved". */
  directId: string;
  lobbyId: string;
  /** A message of the host in the direct conversation, and one of this person. */
  hostMessageId: string;
  ownMessageId: string;
  hostSessionId: string;
}

export const password = 'correct horse battery';

/** Requests that are acknowledged only once they are stored, a second or two later. All users send them at once. */
const patient: ReadonlySet<string> = new Set<RequestName>(['conversation:read', 'draft:set']);

/** Somebody, their things, and people who stand to them in every way there is. */
export class HostWorld {
  readonly visitors = {} as Record<Person, Visitor>;
  readonly directs = {} as Record<Person, { id: string; hostMessageId: string; ownMessageId: string }>;
  hostSessionId = '';
  /** Of the host, with the friend in it, the guest invited, and the stranger gone from it. */
  groupId = '';
  /** A private room of the host, with the same people in the same places. */
  roomId = '';
  inviteId = '';

  constructor(
    private readonly api: () => ApiProcess,
    private readonly database: TestDatabase,
  ) {}

  /** Makes them all. */
  async begin(): Promise<void> {
    for (const person of people)
      this.visitors[person] = await aVisitor(this.api().url, await this.#sessionOf(person), { isLasting: true });
    const { host } = this.visitors;
    await host.rest('PATCH', '/settings', { whoMayMessage: 'anyone' });
    for (const person of people) {
      const opened = await this.visitors[person].rest('POST', '/conversations/direct', { userId: host.user.id });
      const { id } = (await opened.json()) as { id: string };
      const send = async (visitor: Visitor) => {
        const messageId = uuidv7();
        await visitor.request('message:send', { conversationId: id, id: messageId, body: 'hello' });
        return messageId;
      };
      this.directs[person] = { id, ownMessageId: await send(this.visitors[person]), hostMessageId: await send(host) };
    }
    const sessions = (await (await host.rest('GET', '/auth/sessions')).json()) as { items: { id: string }[] };
    this.hostSessionId = sessions.items[0]!.id;
    this.groupId = uuidv7();
    await host.rest('POST', '/groups', { id: this.groupId, title: 'Hikers' });
    await host.request('message:send', { conversationId: this.groupId, id: uuidv7(), body: 'who comes?' });
    const room = await host.rest('POST', '/rooms', { name: 'Secret', visibility: 'private' });
    this.roomId = ((await room.json()) as { id: string }).id;
    const made = await host.rest('POST', `/rooms/${this.roomId}/invites`, {});
    this.inviteId = ((await made.json()) as { invite: { id: string } }).invite.id;
  }

  /** Restores the relations of all users to the host. */
  async standAsNamed(): Promise<void> {
    const { host, friend, blocked, guest, stranger } = this.visitors;
    await this.database.query(
      `delete from friendships; delete from blocks;
     update memberships set has_written = false;
     update personal_settings set who_may_message = 'friends', accepts_requests = true;
     insert into friendships (user_id, other_id, state, at, feed_rev)
       values ('${host.user.id}', '${friend.user.id}', 'friend', now(), 0), ('${friend.user.id}', '${host.user.id}', 'friend', now(), 0);
     insert into blocks (user_id, other_id, level, at, feed_rev) values ('${host.user.id}', '${blocked.user.id}', 'blocked', now(), 0);
     delete from memberships where conversation_id in ('${this.groupId}', '${this.roomId}');
     update conversations set member_count = 2 where id in ('${this.groupId}', '${this.roomId}');
     insert into memberships (conversation_id, user_id, role, state, invited_by, joined_at)
       select c.id, m.* from unnest(array['${this.groupId}', '${this.roomId}']::uuid[]) as c(id), (values
         ('${host.user.id}'::uuid, 'owner', 'joined', null::uuid, now()), ('${friend.user.id}', 'member', 'joined', null, now()),
         ('${guest.user.id}', 'member', 'invited', '${host.user.id}', null), ('${stranger.user.id}', 'member', 'left', null, null)) as m`,
    );
  }

  placeOf(person: Person): Place {
    const { id: directId, ...messages } = this.directs[person];
    const { lobbyId } = this.visitors[person];
    return {
      person,
      host: this.visitors.host,
      me: this.visitors[person],
      directId,
      lobbyId,
      ...messages,
      hostSessionId: this.hostSessionId,
    };
  }

  /** Sends the same request as every user, and expects the outcomes of the row. */
  async expectOutcomes(name: string, { outcomes, input }: Ask): Promise<void> {
    const ask = async (person: Person) => {
      const place = this.placeOf(person);
      const reply: Reply<unknown> = await place.me.raw(name, input?.(place));
      expect([name, person, reply.ok ? 'ok' : reply.error.code]).toEqual([name, person, outcomeOf(outcomes, person)]);
    };
    await this.standAsNamed();
    if (patient.has(name)) return void (await Promise.all(people.map(ask)));
    for (const person of people) {
      await ask(person);
      await this.standAsNamed();
    }
  }

  async #sessionOf(person: Person): Promise<Session> {
    if (person === 'guest') return aGuestSession(this.api().url);
    const response = await this.#post('/auth/register', { username: `the_${person}`, password });
    return (await response.json()) as Session;
  }

  #post(path: string, body: unknown): Promise<Response> {
    const headers = { 'content-type': 'application/json' };
    return fetch(`${this.api().url}/api${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  }
}

/** Returns the expected outcome for a person. */
export function outcomeOf(outcomes: Outcomes, person: Person): Outcome {
  return typeof outcomes === 'string' ? outcomes : (outcomes[person] ?? outcomes.others);
}
