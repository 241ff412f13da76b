import {
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  input,
  linkedSignal,
  output,
  resource,
  signal,
} from '@angular/core';
import type { Message, User } from '@cloudhop/contracts';
import { MessageLocations } from '@cloudhop/web/navigation/message-locations';
import { MentionLookup, People } from '@cloudhop/web/people';
import { ClientStore, Language, errorBodyOf, shortTimestamp, type NamedPerson } from '@cloudhop/web/state';
import { Avatar, Button, EmptyState, Icon, IconButton, Snackbar, injectTranslate, plainOf } from '@cloudhop/web/ui';
import { fetchAllPages } from '../message/fetch-all-pages';
import { canPin } from './can-pin';
import { pinsCacheKey } from './pins-cache-key';

/** Pinned message as the list shows it. */
interface PinItem {
  message: Message;
  author: NamedPerson;
  name: string;
  /** Tag or username that distinguishes the author from others of the same name. */
  beside?: string | undefined;
  when: string;
  fullTime: string;
}

interface Pins {
  items: readonly Message[];
  users: ReadonlyMap<string, User>;
}

/** Pinned messages of a conversation, latest pin first. */
@Component({
  selector: 'ch-pins-panel',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Avatar, Button, EmptyState, Icon, IconButton, Snackbar],
  templateUrl: './pins-panel.html',
  styleUrl: './pins-panel.css',
})
export class PinsPanel {
  readonly conversationId = input.required<string>();
  readonly closed = output();
  protected readonly t = injectTranslate();
  protected readonly plainOf = plainOf;
  protected readonly names = inject(MentionLookup);
  readonly #store = inject(ClientStore);
  readonly #people = inject(People);
  readonly #locations = inject(MessageLocations);
  readonly #language = inject(Language);
  /** Ids unpinned here that the loaded list may still contain. */
  readonly #removed = signal<ReadonlySet<string>>(new Set());
  protected readonly last = signal<PinItem | undefined>(undefined);
  protected readonly problem = signal('');

  readonly #conversation = computed(() => this.#store.conversations().get(this.conversationId())?.conversation);
  protected readonly canPin = computed(() => {
    const conversation = this.#conversation();
    return conversation !== undefined && canPin(conversation);
  });
  readonly #view = computed(() => this.#store.timeline(this.conversationId()));
  protected readonly asked = resource({
    // A string, so that equal parameters don't reload the resource.
    params: () => `${this.conversationId()} ${pinsCacheKey(this.#view()?.entries ?? [])} ${this.#isLive()}`,
    loader: async (): Promise<Pins> => {
      const params = { id: this.conversationId() };
      const page = await fetchAllPages((query) => this.#store.act.call('messages.pinned', { params, ...query }));
      this.#removed.set(new Set());
      return { items: page.items, users: new Map(page.users.map((user) => [user.id, user])) };
    },
  });
  /** Keeps the previous list while it is reloaded. */
  protected readonly pins = linkedSignal<Pins | undefined, Pins | undefined>({
    source: () => (this.asked.hasValue() ? this.asked.value() : undefined),
    computation: (now, before) => now ?? before?.value,
  });
  protected readonly pinned = computed((): readonly PinItem[] => {
    const { items = [], users } = this.pins() ?? {};
    const known = this.#store.users();
    const me = this.#store.me()?.id;
    const dates = this.#language.dates();
    const removed = this.#removed();
    return items.flatMap((message): PinItem[] => {
      if (removed.has(message.id)) return [];
      const { authorId, createdAt } = message;
      const user = known.get(authorId) ?? users?.get(authorId);
      const author = user ? this.#people.named(user) : this.#people.personOf()(authorId);
      const name = authorId === me ? this.t('message.you') : author.name;
      const beside = authorId === me ? undefined : author.tag === undefined ? author.handle : `#${author.tag}`;
      return [
        {
          message,
          author,
          name,
          beside,
          when: shortTimestamp(dates, createdAt),
          fullTime: dates.fullTime(createdAt),
        },
      ];
    });
  });
  protected readonly failure = computed(() => {
    const error = this.asked.error();
    return error && !this.pins() ? this.t(`errors.${errorBodyOf(error.cause ?? error).code}`) : '';
  });

  protected go({ message }: PinItem): void {
    this.closed.emit();
    void this.#locations.go(message.conversationId, message.seq);
  }

  protected async unpin(pin: PinItem): Promise<void> {
    this.#removed.update((removed) => new Set([...removed, pin.message.id]));
    this.last.set(pin);
    if (!(await this.#pin(pin.message, false))) {
      this.last.set(undefined);
      this.#show(pin.message.id);
    }
  }

  protected async undo(): Promise<void> {
    const pin = this.last();
    this.last.set(undefined);
    if (!pin || !(await this.#pin(pin.message, true))) return;
    this.#show(pin.message.id);
    this.asked.reload();
  }

  async #pin({ conversationId, id }: Message, on: boolean): Promise<boolean> {
    this.problem.set('');
    try {
      await this.#store.act.ask('message:pin', { conversationId, id, on });
      return true;
    } catch (error) {
      const { code } = errorBodyOf(error);
      this.problem.set(this.t(code === 'limit_reached' ? 'pins.full' : `errors.${code}`));
      return false;
    }
  }

  #show(id: string): void {
    this.#removed.update((removed) => new Set([...removed].filter((other) => other !== id)));
  }

  #isLive(): boolean {
    return this.#store.connection().phase === 'live';
  }
}
