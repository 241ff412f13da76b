import { ChangeDetectionStrategy, Component, computed, effect, inject, input, signal, untracked } from '@angular/core';
import type { ErrorBody, Invite, User } from '@cloudhop/contracts';
import { People } from '@cloudhop/web/people';
import { ShareLink } from '@cloudhop/web/people/person';
import { ClientStore, Language, errorBodyOf } from '@cloudhop/web/state';
import { Button, Icon, IconButton, injectTranslate } from '@cloudhop/web/ui';
import { Choices, type Choice } from '@cloudhop/web/ui/form';
import { injectRoomTask, problemKey } from '../room-task';
import { inviteDurations, inviteUses, durationWords } from '../time/durations';
import { untilWords } from '../time/until';
import { inviteAddress } from './invite-link';

/** Invite links of a room: a new one, and those still valid. */
@Component({
  selector: 'ch-invite-links',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, Choices, Icon, IconButton, ShareLink],
  templateUrl: './invite-links.html',
  styleUrl: './invite-links.css',
})
export class InviteLinks {
  readonly conversationId = input.required<string>();
  /** True if new links are of use. */
  readonly canMake = input.required<boolean>();
  protected readonly t = injectTranslate();
  protected readonly task = injectRoomTask();
  readonly #store = inject(ClientStore);
  readonly #people = inject(People);
  readonly #language = inject(Language);
  readonly #invites = signal<readonly Invite[] | undefined>(undefined);
  readonly #users = signal<ReadonlyMap<string, User>>(new Map());
  readonly #error = signal<ErrorBody | undefined>(undefined);
  /** The link just created: nobody can show it again. */
  protected readonly made = signal<string | undefined>(undefined);
  /** The link whose revocation waits for confirmation. */
  protected readonly ending = signal<string | undefined>(undefined);
  /** Selected indexes in the lists of uses and durations. */
  protected readonly uses = signal('1');
  protected readonly span = signal('2');

  protected readonly usesChoices = computed((): readonly Choice<string>[] =>
    inviteUses.map((uses, index) => ({
      value: String(index),
      label: uses === undefined ? this.t('rooms.links.anyUses') : this.#language.numbers().format(uses),
    })),
  );
  protected readonly spanChoices = computed((): readonly Choice<string>[] =>
    inviteDurations.map((span, index) => ({
      value: String(index),
      label: span === undefined ? this.t('rooms.links.never') : durationWords(span, this.#language.current()),
    })),
  );
  protected readonly problem = computed(() => {
    const error = this.#error();
    return error ? this.t(problemKey(error)) : '';
  });
  protected readonly invites = computed(() => this.#invites()?.map((invite) => this.#lineOf(invite)));

  constructor() {
    effect(() => {
      this.conversationId();
      untracked(() => void this.load());
    });
  }

  protected async load(): Promise<void> {
    try {
      const { items, users } = await this.#store.act.call('rooms.invites', { params: { slug: this.conversationId() } });
      this.#invites.set(items);
      this.#users.set(new Map(users.map((user) => [user.id, user])));
      this.#error.set(undefined);
    } catch (error) {
      this.#error.set(errorBodyOf(error));
    }
  }

  protected async make(): Promise<void> {
    const [maxUses, expiresInMs] = [inviteUses[Number(this.uses())], inviteDurations[Number(this.span())]];
    await this.task.run(async () => {
      const { path } = await this.#store.act.call('rooms.createInvite', {
        params: { slug: this.conversationId() },
        body: { ...(maxUses !== undefined && { maxUses }), ...(expiresInMs !== undefined && { expiresInMs }) },
      });
      this.made.set(inviteAddress(location.origin, path));
      await this.load();
    });
  }

  protected async end(inviteId: string): Promise<void> {
    const isDone = await this.task.run(() =>
      this.#store.act.call('rooms.revokeInvite', { params: { slug: this.conversationId(), inviteId } }),
    );
    if (!isDone) return;
    this.ending.set(undefined);
    this.#invites.update((invites) => invites?.filter(({ id }) => id !== inviteId));
  }

  #lineOf({ id, uses, maxUses, expiresAt, createdBy }: Invite): { id: string; uses: string; facts: string } {
    const numbers = this.#language.numbers();
    const user = this.#users().get(createdBy);
    const maker = user ? this.#people.named(user) : this.#people.personOf()(createdBy);
    const used = { count: numbers.format(uses), most: numbers.format(maxUses ?? 0) };
    const until = expiresAt
      ? this.t('rooms.links.until', { when: untilWords(expiresAt, Date.now(), this.#language.dates()) })
      : this.t('rooms.links.forEver');
    return {
      id,
      uses: this.t(maxUses === undefined ? 'rooms.links.used' : 'rooms.links.usedOf', used),
      facts: `${until} · ${this.t('rooms.links.by', { name: `\u2068${maker.name}\u2069` })}`,
    };
  }
}
