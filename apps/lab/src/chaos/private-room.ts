import type { Device } from './device';

/** A private room: whoever is not in it hears nothing of it. */
export interface PrivateRoom {
  id: string;
  slug: string;
  /** Token of an invitation, for everybody. */
  invite: string;
  /** Owner, who bans and talks. */
  moderator: Device;
}

/** Makes a private room. Guests can't, so that the moderator becomes a member. */
export async function makePrivateRoom(moderator: Device): Promise<PrivateRoom> {
  await moderator.client.register({ username: 'chairperson', password: 'a password of the lab' });
  const { id, slug } = await moderator.client.createRoom({ name: 'Behind the scenes', visibility: 'private' });
  const { token } = await moderator.client.call('rooms.createInvite', { params: { slug }, body: {} });
  moderator.roomId = id;
  return { id, slug, invite: token, moderator };
}
