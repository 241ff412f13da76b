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
import { LogSkeleton } from '@cloudhop/web/messages';
import { ClientStore, Layout, PageTitle, errorBodyOf } from '@cloudhop/web/state';
import { EmptyState, Icon, injectTranslate } from '@cloudhop/web/ui';
import { RoomLeaving } from '../leaving/room-leaving';
import { ClosedRoom, type Closure } from './closed-room';
import { findRoom, roomKeyOf } from './room-key';
import { RoomPane } from './room-pane';

type Entry = { at: 'outside' } | { at: 'inside'; id: string } | { at: 'refused'; code: ErrorCode };

/** Errors that a retry, or the next connection, may resolve. */
const passing: ReadonlySet<ErrorCode> = new Set(['unavailable', 'overloaded', 'internal', 'rate_limited']);
/** Errors that keep the invitation: a guest may come back with an account. */
const mayComeBack: ReadonlySet<ErrorCode> = new Set([...passing, 'members_only']);

/** Room at an address. Opening it joins the room, also as the very first action of a user. */
@Component({
  selector: 'ch-room-page',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [ClosedRoom, EmptyState, Icon, LogSkeleton, RoomPane, RouterLink],
  template: `
    @if (inside(); as id) {
      <!-- A new pane for each room: scroll position, menus and draft belong to one room. -->
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
        <ch-closed-room [closure]="closure" [title]="title()" (entered)="retry()" />
      } @else if (isOffline()) {
        <ch-empty-state
          pose="offline"
          [title]="t('rooms.closed.offlineTitle')"
          [text]="t('rooms.closed.offlineText')"
        />
      } @else {
        <ch-log-skeleton />
      }
    }
  `,
  styleUrl: './room-page.css',
})
export class RoomPage {
  /** Last part of the address: a slug or an id. */
  readonly slug = input.required<string>();
  /** Secret of an invite link. */
  readonly invite = input<string>();
  protected readonly layout = inject(Layout);
  protected readonly t = injectTranslate();
  readonly #store = inject(ClientStore);
  readonly #router = inject(Router);
  readonly #leaving = inject(RoomLeaving);
  readonly #pageTitle = inject(PageTitle);
  readonly #key = computed(() => roomKeyOf(this.slug()));
  /** The joined room of the address. None with an invitation, which may lead to another room of the same address. */
  readonly #known = computed(() =>
    this.invite() === undefined ? findRoom(this.#store.conversations().values(), this.#key()) : undefined,
  );
  readonly #entry = linkedSignal<string, Entry>({
    source: this.#key,
    computation: () => {
      const known = untracked(this.#known);
      return known ? { at: 'inside', id: known.id } : { at: 'outside' };
    },
  });
  #joiningKey: string | undefined;
  readonly #enteredId = computed(() => {
    const entry = this.#entry();
    return entry.at === 'inside' ? entry.id : undefined;
  });
  readonly #room = computed(() => this.#store.conversations().get(this.#enteredId() ?? '')?.conversation);
  /** The last known state of the room: kept for when the user loses it. */
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
    if (entry.at === 'outside' || this.#room()) return undefined;
    const reason = this.#store.gone().get(entry.id);
    if (reason !== 'left') return reason && { kind: reason === 'banned' ? 'banned' : 'not_found', isPassing: false };
    const kind = this.#leaving.left().has(entry.id) ? 'left' : 'takenOut';
    // Private rooms can't be entered again.
    return { kind: this.#lastRoom()?.visibility === 'private' ? `${kind}Private` : kind, isPassing: false };
  });
  protected readonly inside = computed(() => (this.closure() ? undefined : this.#enteredId()));
  /** Title of a room that the user may see but not enter. */
  readonly #seenTitle = linkedSignal<string, string | undefined>({ source: this.#key, computation: () => undefined });
  protected readonly title = computed(() => this.#lastRoom()?.title ?? this.#seenTitle() ?? this.slug());
  protected readonly isOffline = computed(() => this.#store.connection().phase === 'offline');

  constructor() {
    effect(() => {
      const key = this.#key();
      if (this.#entry().at !== 'outside') return;
      const known = this.#known();
      if (known) untracked(() => this.#goIn(known.id));
      else if (this.#store.connection().phase === 'live') untracked(() => void this.#join(key));
    });
    // The next connection may succeed.
    effect(() => {
      if (this.#store.connection().phase === 'live') return;
      const entry = untracked(this.#entry);
      if (entry.at === 'refused' && passing.has(entry.code)) this.#entry.set({ at: 'outside' });
    });
    // Replaces the address by the room's own, without the secret of an invitation.
    effect(() => {
      const entry = this.#entry();
      const slug = this.#room()?.slug;
      const isSettled = entry.at === 'inside' || (entry.at === 'refused' && !mayComeBack.has(entry.code));
      if (!isSettled || (this.invite() === undefined && (slug ?? this.slug()) === this.slug())) return;
      untracked(() => void this.#router.navigate(['/r', slug ?? this.slug()], { replaceUrl: true }));
    });
    effect(() => {
      // Reads the title while the room exists: later nobody remembers it.
      const title = this.title();
      if (this.inside() === undefined) this.#pageTitle.showPlace(title);
    });
  }

  /** Tries to enter again. */
  protected retry(): void {
    this.#entry.set({ at: 'outside' });
  }

  async #join(key: string): Promise<void> {
    if (this.#joiningKey === key) return;
    this.#joiningKey = key;
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
      this.#joiningKey = undefined;
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
