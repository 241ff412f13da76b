import {
  ChangeDetectionStrategy,
  Component,
  type ElementRef,
  afterNextRender,
  afterRenderEffect,
  computed,
  inject,
  linkedSignal,
  output,
  signal,
  viewChild,
} from '@angular/core';
import { Router } from '@angular/router';
import { ClientStore, errorBodyOf } from '@cloudhop/web/state';
import { Avatar, Icon, injectTranslate } from '@cloudhop/web/ui';
import { listConversations } from '../list/conversation-list';
import { ConversationTitles } from '../list/conversation-titles';
import { linkOf } from '../list/link-of';
import { isolated } from '../news/news-words';
import { Toasts } from '../news/toasts';
import { People } from '../person/people';
import { Presences } from '../person/presences';
import { SearchPlace } from '../search/search-place';
import { matchDestinations, usernameIn, type Destination } from './destinations';

/** More lines than this nobody reads; another letter brings what is looked for. */
const shownLines = 50;

/** A field, and below it everywhere one can go. */
@Component({
  selector: 'ch-switcher-panel',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Avatar, Icon],
  templateUrl: './switcher-panel.html',
  styleUrl: './switcher-panel.css',
})
export class SwitcherPanel {
  readonly gone = output();
  protected readonly t = injectTranslate();
  readonly #store = inject(ClientStore);
  readonly #people = inject(People);
  readonly #titles = inject(ConversationTitles);
  readonly #router = inject(Router);
  readonly #toasts = inject(Toasts);
  readonly #search = inject(SearchPlace);
  protected readonly presences = inject(Presences);
  private readonly field = viewChild.required<ElementRef<HTMLInputElement>>('field');
  private readonly list = viewChild.required<ElementRef<HTMLElement>>('list');

  protected readonly typed = signal('');
  protected readonly shown = computed((): readonly Destination[] => {
    const found = matchDestinations(this.#all(), this.typed()).slice(0, shownLines);
    const text = this.typed().trim();
    if (text === '') return found;
    const username = usernameIn(text);
    const find: Destination = {
      key: 'find',
      name: this.t('switcher.find', { name: username ?? '' }),
      icon: 'person',
      to: { link: ['/u', username ?? ''] },
    };
    const search: Destination = {
      key: 'search',
      name: this.t('search.forText', { text: isolated(text) }),
      icon: 'search',
      to: { search: text },
    };
    return [...found, ...(username === undefined ? [] : [find]), search];
  });
  protected readonly active = linkedSignal({ source: this.typed, computation: () => 0 });
  protected readonly activeId = computed(() => (this.shown()[this.active()] ? this.idOf(this.active()) : null));

  readonly #all = computed((): readonly Destination[] => {
    const titleOf = this.#titles.titleOf();
    const lobbyId = this.#store.lobbyId();
    const { open, archived } = listConversations(this.#store.conversations().values(), { ...(lobbyId && { lobbyId }) });
    const conversations = [...open, ...archived].map(({ conversation }): Destination => {
      const { name, person, icon } = titleOf(conversation);
      return {
        key: conversation.id,
        name,
        to: { link: linkOf(conversation) },
        ...(conversation.slug === undefined ? this.#detail(conversation.peerId) : { detail: conversation.slug }),
        ...(person && { avatar: avatarOf(person) }),
        ...(conversation.peerId !== undefined && { userId: conversation.peerId }),
        ...(icon && { icon }),
      };
    });
    const listed = new Set([...open, ...archived].map(({ conversation }) => conversation.peerId));
    const personOf = this.#people.personOf();
    const friends = [...this.#store.friends().values()]
      .filter(({ state, userId }) => state === 'friend' && !listed.has(userId))
      .map(({ userId }): Destination => {
        const person = personOf(userId);
        const detail = this.#detail(userId);
        return { key: userId, name: person.name, avatar: avatarOf(person), userId, to: { userId }, ...detail };
      });
    const me = this.#store.me()?.id;
    // What one keeps for oneself is there before it was ever opened.
    const saved: Destination[] =
      me === undefined || listed.has(me)
        ? []
        : [{ key: 'saved', name: this.t('chats.saved'), icon: 'bookmark', to: { userId: me } }];
    return [...conversations, ...friends, ...saved, ...this.#doors()];
  });

  constructor() {
    afterNextRender(() => this.field().nativeElement.focus());
    afterRenderEffect(() => {
      const id = this.activeId();
      if (id) this.list().nativeElement.querySelector(`#${id}`)?.scrollIntoView({ block: 'nearest' });
    });
  }

  protected idOf(index: number): string {
    return `ch-switch-${index}`;
  }

  protected pressKey(event: KeyboardEvent): void {
    if (event.isComposing || event.keyCode === 229) return;
    const last = this.shown().length - 1;
    const steps: Record<string, (at: number) => number> = {
      ArrowDown: (at) => (at >= last ? 0 : at + 1),
      ArrowUp: (at) => (at <= 0 ? last : at - 1),
    };
    const step = steps[event.key];
    if (step) {
      event.preventDefault();
      this.active.update(step);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      const destination = this.shown()[this.active()];
      if (destination) void this.go(destination);
    }
  }

  protected async go({ to }: Destination): Promise<void> {
    this.gone.emit();
    if ('search' in to) return this.#search.show({ text: to.search });
    try {
      const link = 'link' in to ? to.link : ['/chats', await this.#store.act.openDirect(to.userId)];
      await this.#router.navigate([...link]);
    } catch (error) {
      this.#toasts.show({ text: this.t(`errors.${errorBodyOf(error).code}`) });
    }
  }

  #doors(): Destination[] {
    return [
      { key: 'lobby', name: this.t('lobby.title'), icon: 'cloud', to: { link: ['/lobby'] } },
      { key: 'chats', name: this.t('chats.title'), icon: 'chats', to: { link: ['/chats'] } },
      { key: 'rooms', name: this.t('rooms.title'), icon: 'rooms', to: { link: ['/rooms'] } },
      { key: 'friends', name: this.t('friends.title'), icon: 'heart', to: { link: ['/friends'] } },
      { key: 'settings', name: this.t('settings.title'), icon: 'settings', to: { link: ['/settings'] } },
    ];
  }

  #detail(userId: string | undefined): { detail?: string } {
    const user = this.#store.users().get(userId ?? '');
    if (!user || user.isGone || userId === this.#store.me()?.id) return {};
    if (user.username !== undefined) return { detail: `@${user.username}` };
    return user.tag === undefined ? {} : { detail: `#${user.tag}` };
  }
}

function avatarOf({ id, initial, color }: ReturnType<ReturnType<People['personOf']>>): Destination['avatar'] {
  return { seed: id, initial, ...(color && { color }) };
}
