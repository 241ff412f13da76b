import type { FriendPresence, User } from '@cloudhop/contracts';

/** Users that the client knows, and the presence of friends. */
export interface PeopleState {
  readonly users: ReadonlyMap<string, User>;
  readonly mustLookup: boolean;
  /** Presence of friends, as received on this socket. */
  readonly statuses: ReadonlyMap<string, FriendPresence>;
}

export const initialPeople: PeopleState = { users: new Map(), mustLookup: false, statuses: new Map() };
