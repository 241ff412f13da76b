import { ChangeDetectionStrategy, Component, computed, inject, input, output, signal } from '@angular/core';
import type { Message } from '@cloudhop/contracts';
import { ClientStore, Layout, errorBodyOf } from '@cloudhop/web/state';
import { injectTranslate } from '@cloudhop/web/ui';
import { MessagePlaces } from '../list/message-places';
import { closingOf } from '../log/closing';
import { isolated } from '../news/news-words';
import { Toasts } from '../news/toasts';
import { DestinationList } from '../switcher/destination-list';
import { matchDestinations, type Destination } from '../switcher/destinations';
import { Talks } from '../switcher/talks';

/** Where somebody forwards a message to: it is sent at once, and can be taken back while that is said. */
@Component({
  selector: 'ch-forward-panel',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [DestinationList],
  template: `
    <ch-destination-list
      [(typed)]="typed"
      [shown]="shown()"
      [label]="t('forward.title')"
      [field]="t('forward.field')"
      [isFieldFirst]="!layout.isPhone()"
      (picked)="send($event)"
    />
  `,
})
export class ForwardPanel {
  readonly message = input.required<Message>();
  readonly closed = output();
  protected readonly t = injectTranslate();
  protected readonly layout = inject(Layout);
  readonly #store = inject(ClientStore);
  readonly #talks = inject(Talks);
  readonly #toasts = inject(Toasts);
  readonly #places = inject(MessagePlaces);

  protected readonly typed = signal('');
  protected readonly shown = computed(() =>
    matchDestinations([...this.#lobby(), ...this.#talks.all()], this.typed()).filter(({ key }) => this.#isOpen(key)),
  );

  protected async send({ key, name, to }: Destination): Promise<void> {
    const { body } = this.message();
    this.closed.emit();
    try {
      const conversationId = 'userId' in to ? await this.#store.act.openDirect(to.userId) : key;
      const id = this.#store.act.send(conversationId, body, { isForwarded: true });
      this.#toasts.show({
        text: this.t('forward.sent', { name: isolated(name) }),
        action: this.t('message.undo'),
        act: () => this.#takeBack(conversationId, id),
      });
    } catch (error) {
      this.#toasts.show({ text: this.t(`errors.${errorBodyOf(error).code}`) });
    }
  }

  #takeBack(conversationId: string, id: string): void {
    this.#store.act.remove(conversationId, id);
  }

  #lobby(): Destination[] {
    const id = this.#store.lobbyId();
    if (id === undefined) return [];
    const { name, icon } = this.#places.titleOf(id);
    return [{ key: id, name, icon, to: { link: ['/lobby'] } }];
  }

  /** Where one cannot write there is nothing to forward to. */
  #isOpen(key: string): boolean {
    const conversation = this.#store.conversations().get(key)?.conversation;
    if (!conversation) return true;
    const { me, blocks, users } = this.#store;
    return closingOf(conversation, { me: me(), blocks: blocks(), users: users(), now: Date.now() }) === undefined;
  }
}
