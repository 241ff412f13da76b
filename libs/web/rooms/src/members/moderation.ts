import { Injectable, inject } from '@angular/core';
import type { BannedMember, Member } from '@cloudhop/contracts';
import { ClientStore, Language } from '@cloudhop/web/state';
import { Toasts, injectTranslate } from '@cloudhop/web/ui';
import { injectRoomTask } from '../room-task';
import { isForEver } from '../time/durations';
import { untilWords } from '../time/until';
import type { RoomAction } from './member-actions';

/** Actions that take effect at once and can be undone. */
export type UndoableAction = Exclude<RoomAction, 'handOver'>;
type Change =
  { role: 'moderator' | 'member' } | { mutedUntil: string | null } | { isBanned: boolean; withAddress?: boolean };

/** `until`: the end of a mute. `withAddress`: only for the ban of a guest. */
interface Details {
  until?: string;
  withAddress?: boolean;
}

interface About {
  conversationId: string;
  member: Member;
  name: string;
}

/** Longer than the usual undo time, because moderators check the effect. */
const undoMs = 8_000;

/** Moderation actions: at once, with an undo. */
@Injectable({ providedIn: 'root' })
export class Moderation {
  readonly #store = inject(ClientStore);
  readonly #toasts = inject(Toasts);
  readonly #language = inject(Language);
  readonly #t = injectTranslate();
  readonly #task = injectRoomTask();

  async do(act: UndoableAction, about: About, details: Details = {}): Promise<void> {
    const { member } = about;
    const undo: Record<UndoableAction, () => Promise<unknown>> = {
      promote: () => this.#change(about, { role: 'member' }),
      demote: () => this.#change(about, { role: 'moderator' }),
      mute: () => this.#change(about, { mutedUntil: null }),
      unmute: () => this.#change(about, { mutedUntil: member.mutedUntil ?? null }),
      ban: () => this.#change(about, { isBanned: false }),
      unban: () => this.#change(about, { isBanned: true }),
      remove: () => this.#invite(about),
      invite: () => this.#remove(about),
      uninvite: () => this.#invite(about),
    };
    let changed: BannedMember | undefined;
    const isDone = await this.#task.run(async () => (changed = await this.#ask(act, about, details)));
    if (!isDone) return this.#toasts.show({ text: this.#task.problem() });
    this.#toasts.show({
      text: this.#words(act, about, details, changed),
      // A removed member comes back only by accepting an invitation.
      action: this.#t(act === 'remove' ? 'rooms.done.inviteBack' : 'message.undo'),
      act: () => void this.#undo(undo[act]),
      durationMs: undoMs,
    });
  }

  #ask(act: UndoableAction, about: About, { until, withAddress }: Details): Promise<BannedMember> {
    if (act === 'remove' || act === 'uninvite') return this.#remove(about);
    if (act === 'invite') return this.#invite(about);
    if (act === 'promote' || act === 'demote')
      return this.#change(about, { role: act === 'promote' ? 'moderator' : 'member' });
    if (act === 'mute' || act === 'unmute') return this.#change(about, { mutedUntil: until ?? null });
    return this.#change(about, { isBanned: act === 'ban', ...(withAddress !== undefined && { withAddress }) });
  }

  #words(act: UndoableAction, { name }: About, { until }: Details, changed: BannedMember | undefined): string {
    const words = { name: `\u2068${name}\u2069` };
    const outcome = act === 'ban' ? changed?.addressBan?.outcome : undefined;
    if (outcome !== undefined)
      return this.#t('rooms.ban.done', {
        done: this.#t('rooms.done.ban', words),
        outcome: this.#t(`rooms.ban.${outcome}`),
      });
    if (act !== 'mute' || until === undefined || isForEver(until, Date.now()))
      return this.#t(`rooms.done.${act}`, words);
    const when = untilWords(until, Date.now(), this.#language.dates());
    return this.#t('rooms.done.muteUntil', { ...words, when });
  }

  async #undo(work: () => Promise<unknown>): Promise<void> {
    if (!(await this.#task.run(work))) this.#toasts.show({ text: this.#task.problem() });
  }

  #change({ conversationId: slug, member: { userId } }: About, body: Change): Promise<BannedMember> {
    return this.#store.act.call('rooms.changeMember', { params: { slug, userId }, body });
  }

  #invite({ conversationId: slug, member: { userId } }: About): Promise<Member> {
    return this.#store.act.call('rooms.invite', { params: { slug }, body: { userId } });
  }

  #remove({ conversationId: slug, member: { userId } }: About): Promise<Member> {
    return this.#store.act.call('rooms.removeMember', { params: { slug, userId } });
  }
}
