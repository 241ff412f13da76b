import { ChangeDetectionStrategy, Component, computed, inject, input, output, signal } from '@angular/core';
import type { Message } from '@cloudhop/contracts';
import { MessageLocations } from '@cloudhop/web/navigation/message-locations';
import {
  SwitcherItemList,
  SwitcherItems,
  matchSwitcherItems,
  type SwitcherItem,
} from '@cloudhop/web/navigation/switcher-items';
import { ClientStore, Layout, errorBodyOf } from '@cloudhop/web/state';
import { Toasts, bidiIsolate, injectTranslate } from '@cloudhop/web/ui';
import { writeRestrictionOf } from '../composer/write-restriction';

/** List of conversations to forward a message to. The message is sent at once; a toast offers to undo it. */
@Component({
  selector: 'ch-forward-panel',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [SwitcherItemList],
  template: `
    <ch-switcher-item-list
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
  readonly #items = inject(SwitcherItems);
  readonly #toasts = inject(Toasts);
  readonly #locations = inject(MessageLocations);

  protected readonly typed = signal('');
  protected readonly shown = computed(() =>
    matchSwitcherItems([...this.#lobby(), ...this.#items.all()], this.typed()).filter(({ key }) => this.#isOpen(key)),
  );

  protected async send({ key, name, to }: SwitcherItem): Promise<void> {
    const { body } = this.message();
    this.closed.emit();
    try {
      const conversationId = 'userId' in to ? await this.#store.act.openDirect(to.userId) : key;
      const id = this.#store.act.send(conversationId, body, { isForwarded: true });
      this.#toasts.show({
        text: this.t('forward.sent', { name: bidiIsolate(name) }),
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

  #lobby(): SwitcherItem[] {
    const id = this.#store.lobbyId();
    if (id === undefined) return [];
    const { name, icon } = this.#locations.titleOf(id);
    return [{ key: id, name, icon, to: { link: ['/lobby'] } }];
  }

  /** Returns true if the user can write there. */
  #isOpen(key: string): boolean {
    const conversation = this.#store.conversations().get(key)?.conversation;
    if (!conversation) return true;
    const { me, blocks, users } = this.#store;
    return (
      writeRestrictionOf(conversation, { me: me(), blocks: blocks(), users: users(), now: Date.now() }) === undefined
    );
  }
}
