import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  computed,
  effect,
  inject,
  input,
  linkedSignal,
  output,
  viewChild,
} from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import type { ConversationSummary } from '@cloudhop/sdk';
import { listConversations } from '@cloudhop/web/navigation';
import { ConversationList, InvitationCard, type RemovalCommand } from '@cloudhop/web/navigation/lists';
import { ClientStore, Language, Layout } from '@cloudhop/web/state';
import { Icon, IconButton, injectTranslate, type MenuItem } from '@cloudhop/web/ui';
import { RoomTile } from '@cloudhop/web/ui/room-tile';
import { RoomLeaving } from '../leaving/room-leaving';
import { createOrFindRoom } from '../make/create-room';
import { injectRoomTask } from '../room-task';
import { RoomFinder } from './room-finder';
import { holdsName, roomOfName } from './room-name';

/** List of joined rooms and invitations, with the field that finds or creates any other room. */
@Component({
  selector: 'ch-room-list',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [ConversationList, Icon, IconButton, InvitationCard, RoomTile, RouterLink],
  providers: [RoomFinder],
  templateUrl: './room-list.html',
  styleUrl: './room-list.css',
})
export class RoomList {
  readonly openId = input<string>();
  /** True while a room is open: then a button leads to the public rooms. */
  readonly isRoomOpen = input(false);
  readonly makeAsked = output<string>();
  protected readonly t = injectTranslate();
  protected readonly finder = inject(RoomFinder);
  protected readonly task = injectRoomTask();
  protected readonly isPhone = inject(Layout).isPhone;
  readonly #store = inject(ClientStore);
  readonly #language = inject(Language);
  readonly #router = inject(Router);
  readonly #leaving = inject(RoomLeaving);
  private readonly offer = viewChild<unknown, ElementRef<HTMLButtonElement>>('offer', { read: ElementRef });

  readonly #rooms = computed(() =>
    [...this.#store.conversations().values()].filter(({ conversation }) => conversation.kind === 'room'),
  );
  protected readonly isKnown = computed(() => this.#store.me() !== undefined && this.#store.lobbyId() !== undefined);
  protected readonly isEmpty = computed(() => this.#rooms().length === 0 && this.invitations().length === 0);
  /** Invitations to rooms, the latest first. */
  protected readonly invitations = computed(() =>
    [...this.#store.invitations()]
      .filter(([, { slug }]) => slug !== undefined)
      .sort(([, a], [, b]) => (a.at < b.at ? 1 : -1))
      .map(([id, invitation]) => ({ id, invitation })),
  );
  protected readonly shown = computed(() => {
    const openId = this.openId();
    const { open, archived } = listConversations(this.#rooms(), openId ? { openId } : {});
    const name = this.finder.name();
    const isWanted = ({ conversation }: ConversationSummary) => name === '' || holdsName(name, conversation);
    return { open: open.filter(isWanted), archived: archived.filter(isWanted) };
  });
  /** Public rooms of that name that the user has not joined. */
  protected readonly others = computed(() => {
    const mine = this.#store.conversations();
    return this.finder
      .found()
      .filter(({ id, slug, title }) => !mine.has(id) && holdsName(this.finder.name(), { slug, title }))
      .map((room) => ({ ...room, people: this.#people(room.memberCount) }));
  });
  /** The name, if no known room has it. */
  protected readonly newName = computed(() => {
    const name = this.finder.name();
    if (name === '' || this.finder.isLooking()) return undefined;
    const titles = [...this.#rooms().map(({ conversation }) => conversation), ...this.finder.found()];
    return roomOfName(name, titles) ? undefined : name;
  });
  /** True after Enter found no room of this name. */
  protected readonly isMissing = linkedSignal({ source: this.finder.name, computation: () => false });
  protected readonly removalItemOf = computed(() => {
    const label = this.t('rooms.leave.now');
    return (): MenuItem<RemovalCommand> => ({ value: 'leave', label, icon: 'leave', isDanger: true });
  });

  constructor() {
    // Clears the field once the room is open.
    effect(() => {
      if (this.openId() !== undefined) this.finder.typed.set('');
    });
  }

  protected part({ conversation }: ConversationSummary): void {
    this.#leaving.start(conversation);
  }

  /** Opens the room of that name; if there is none, offers to create it. */
  protected async enter(): Promise<void> {
    const name = this.finder.name();
    if (name === '') return;
    const mine = this.#rooms().map(({ conversation }) => conversation);
    await this.task.run(async () => {
      const address = await this.finder.addressOf(name, mine);
      if (this.finder.name() !== name) return;
      if (address !== undefined) await this.go(address);
      else this.#offer();
    });
  }

  protected async make(name: string): Promise<void> {
    await this.task.run(async () => this.go(await createOrFindRoom(this.#store.act, name)));
  }

  protected async go(address: string): Promise<void> {
    this.finder.typed.set('');
    await this.#router.navigate(['/r', address]);
  }

  protected clear(): void {
    this.finder.typed.set('');
    this.task.showProblem('');
  }

  #offer(): void {
    this.isMissing.set(true);
    setTimeout(() => this.offer()?.nativeElement.focus());
  }

  #people(count: number): string {
    return this.t(`rooms.people.${count === 1 ? 'one' : 'other'}`, { count: this.#language.numbers().format(count) });
  }
}
