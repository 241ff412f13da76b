import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  input,
  linkedSignal,
  untracked,
} from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import type { Conversation, ErrorCode } from '@cloudhop/contracts';
import { LogSkeleton } from '@cloudhop/web/conversation';
import { ClientStore, Layout, PageTitle, errorBodyOf } from '@cloudhop/web/state';
import { Icon, Moment, injectTranslate } from '@cloudhop/web/ui';
import { RoomLeaving } from '../leaving/room-leaving';
import { ClosedRoom, type Closure } from './closed-room';
import { findRoom, roomKeyOf } from './room-key';
import { RoomPane } from './room-pane';

type Entry = { at: 'door' } | { at: 'inside'; id: string } | { at: 'refused'; code: ErrorCode };

/** What may be otherwise in a moment, or with the next connection. */
const passing: ReadonlySet<ErrorCode> = new Set(['unavailable', 'overloaded', 'internal', 'rate_limited']);
/** What an invitation may still change: a guest comes back with an account. */
const mayComeBack: ReadonlySet<ErrorCode> = new Set([...passing, 'members_only']);

/** The room at an address: whoever opens it goes in, as the first thing they do here as well. */
@Component({
  selector: 'ch-room-page',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [ClosedRoom, Icon, LogSkeleton, Moment, RoomPane, RouterLink],
  template: `
    @if (inside(); as id) {
      <!-- Each room has its own place in the log, its own menus and its own words half written. -->
      @for (open of [id]; track open) {
        <ch-room-pane [id]="open" />
      }
    } @else {
      <header>
        @if (layout.isPhone()) {
          <a class="back" routerLink="/rooms" [attr.aria-label]="t('rooms.back')"><ch-icon name="back" /></a>
        }
        <span class="tile"><ch-icon name="rooms" /></span>
        <h1 dir="auto">{{ title() }}</h1>
      </header>
      @if (closure(); as closure) {
        <ch-closed-room [closure]="closure" [title]="title()" (entered)="knock()" />
      } @else if (isOffline()) {
        <ch-moment pose="offline" [title]="t('rooms.closed.offlineTitle')" [text]="t('rooms.closed.offlineText')" />
      } @else {
        <ch-log-skeleton />
      }
    }
  `,
  styleUrl: './room-page.css',
})
export class RoomPage {
  /** What the address ends in: a slug, or an id. */
  readonly slug = input.required<string>();
  /** The secret of an invite link. */
  readonly invite = input<string>();
  protected readonly layout = inject(Layout);
  protected readonly t = injectTranslate();
  readonly #store = inject(ClientStore);
  readonly #router = inject(Router);
  readonly #leaving = inject(RoomLeaving);
  readonly #pageTitle = inject(PageTitle);
  readonly #key = computed(() => roomKeyOf(this.slug()));
  /** The room as this device knows it; an invitation may be into another one of the same address. */
  readonly #known = computed(() =>
    this.invite() === undefined ? findRoom(this.#store.conversations().values(), this.#key()) : undefined,
  );
  readonly #entry = linkedSignal<string, Entry>({
    source: this.#key,
    computation: () => {
      const known = untracked(this.#known);
      return known ? { at: 'inside', id: known.id } : { at: 'door' };
    },
  });
  #knocking: string | undefined;
  readonly #enteredId = computed(() => {
    const entry = this.#entry();
    return entry.at === 'inside' ? entry.id : undefined;
  });
  readonly #room = computed(() => this.#store.conversations().get(this.#enteredId() ?? '')?.conversation);
  /** As it was when it was last here: kept for when it is taken away. */
  readonly #lastRoom = linkedSignal<
    { id: string | undefined; room: Conversation | undefined },
    Conversation | undefined
  >({
    source: () => ({ id: this.#enteredId(), room: this.#room() }),
    computation: ({ id, room }, before) => room ?? (before?.source.id === id ? before?.value : undefined),
  });
  protected readonly closure = computed((): Closure | undefined => {
    const entry = this.#entry();
    if (entry.at === 'refused') return { kind: entry.code, isPassing: passing.has(entry.code) };
    if (entry.at === 'door' || this.#room()) return undefined;
    const reason = this.#store.gone().get(entry.id);
    if (reason !== 'left') return reason && { kind: reason === 'banned' ? 'banned' : 'not_found', isPassing: false };
    const kind = this.#leaving.left().has(entry.id) ? 'left' : 'takenOut';
    // Nobody walks back into a private room.
    return { kind: this.#lastRoom()?.visibility === 'private' ? `${kind}Private` : kind, isPassing: false };
  });
  protected readonly inside = computed(() => (this.closure() ? undefined : this.#enteredId()));
  /** What the room is called for somebody who may see it, and not come in. */
  readonly #seenTitle = linkedSignal<string, string | undefined>({ source: this.#key, computation: () => undefined });
  protected readonly title = computed(() => this.#lastRoom()?.title ?? this.#seenTitle() ?? this.slug());
  protected readonly isOffline = computed(() => this.#store.connection().phase === 'offline');

  constructor() {
    effect(() => {
      const key = this.#key();
      if (this.#entry().at !== 'door') return;
      const known = this.#known();
      if (known) untracked(() => this.#goIn(known.id));
      else if (this.#store.connection().phase === 'live') untracked(() => void this.#knock(key));
    });
    // With the next connection it may go better.
    effect(() => {
      if (this.#store.connection().phase === 'live') return;
      const entry = untracked(this.#entry);
      if (entry.at === 'refused' && passing.has(entry.code)) this.#entry.set({ at: 'door' });
    });
    // The address says where one is, and nothing that others could walk in with.
    effect(() => {
      const entry = this.#entry();
      const slug = this.#room()?.slug;
      const isSettled = entry.at === 'inside' || (entry.at === 'refused' && !mayComeBack.has(entry.code));
      if (!isSettled || (this.invite() === undefined && (slug ?? this.slug()) === this.slug())) return;
      untracked(() => void this.#router.navigate(['/r', slug ?? this.slug()], { replaceUrl: true }));
    });
    effect(() => {
      // Read while the room is there, or nobody would remember what it was called.
      const title = this.title();
      if (this.inside() === undefined) this.#pageTitle.showPlace(title);
    });
  }

  /** Asks to be let in, again. */
  protected knock(): void {
    this.#entry.set({ at: 'door' });
  }

  async #knock(key: string): Promise<void> {
    if (this.#knocking === key) return;
    this.#knocking = key;
    try {
      const id = await this.#store.act.joinRoom(this.slug(), this.invite());
      if (this.#key() === key) this.#goIn(id);
    } catch (error) {
      const known = findRoom(this.#store.conversations().values(), key);
      if (this.#key() !== key) return;
      if (known) return this.#goIn(known.id);
      const { code } = errorBodyOf(error);
      this.#entry.set({ at: 'refused', code });
      if (code === 'members_only' || code === 'archived') void this.#look(key);
    } finally {
      this.#knocking = undefined;
    }
  }

  async #look(key: string): Promise<void> {
    try {
      const { title } = await this.#store.act.call('rooms.get', { params: { slug: key } });
      if (this.#key() === key) this.#seenTitle.set(title);
    } catch {
      // Its address names it as well.
    }
  }

  #goIn(id: string): void {
    this.#leaving.entered(id);
    this.#entry.set({ at: 'inside', id });
  }
}
