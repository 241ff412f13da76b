import { ChangeDetectionStrategy, Component, computed, effect, inject, input } from '@angular/core';
import { Router } from '@angular/router';
import { ClientStore, ErrorState, Layout, PageTitle, errorStateOf } from '@cloudhop/web/state';
import { EmptyState, injectTranslate } from '@cloudhop/web/ui';
import { ChatList } from './chat-list';
import { ChatPane } from './chat-pane';
import { NoChats } from './no-chats';

/** Screen of the user's conversations: the list beside the open one; on phones one after the other. */
@Component({
  selector: 'ch-chats',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [ChatList, ChatPane, EmptyState, ErrorState, NoChats],
  template: `
    <main>
      @if (errorState(); as errorState) {
        <ch-error-state [code]="errorState.code" />
      } @else {
        @if (!layout.isPhone() || !id()) {
          <section class="list" [attr.aria-label]="t('chats.list')">
            <ch-chat-list [openId]="id()" (openRemoved)="leave()" />
          </section>
        }
        @if (id(); as id) {
          <!-- A new pane for each conversation: scroll position, menus and draft belong to one conversation. -->
          @for (open of [id]; track open) {
            <ch-chat-pane [id]="open" />
          }
        } @else if (!layout.isPhone()) {
          <section class="none">
            @if (isAsked()) {
              <ch-empty-state pose="found" [title]="t('groups.invitedTitle')" [text]="t('groups.invitedText')" />
            } @else if (hasChats()) {
              <ch-empty-state pose="plain" [title]="t('chats.pickTitle')" [text]="t('chats.pickText')" />
            } @else {
              <ch-no-chats />
            }
          </section>
        }
      }
    </main>
  `,
  styles: `
    :host {
      display: flex;
      flex: 1;
      min-width: 0;
      min-height: 0;
    }
    main {
      display: flex;
      flex: 1;
      min-width: 0;
      min-height: 0;
      background: linear-gradient(var(--bg), var(--bg2));
    }
    .list {
      display: flex;
      flex: none;
      flex-direction: column;
      width: min(320px, 38%);
      border-inline-end: 1px solid var(--line);
      background: var(--bg);
    }
    ch-chat-list,
    ch-error-state,
    .none {
      flex: 1;
      min-width: 0;
      min-height: 0;
    }
    @media (max-width: 719px) {
      .list {
        width: 100%;
        border: 0;
      }
    }
  `,
})
export class Chats {
  /** The conversation in the address. */
  readonly id = input<string>();
  protected readonly layout = inject(Layout);
  protected readonly t = injectTranslate();
  readonly #store = inject(ClientStore);
  readonly #router = inject(Router);
  readonly #title = inject(PageTitle);
  protected readonly errorState = computed(() =>
    errorStateOf(this.#store.connection(), this.#store.me() !== undefined),
  );
  protected readonly hasChats = computed(() =>
    [...this.#store.conversations().values()].some(
      ({ conversation: { kind }, last }) => kind === 'group' || (kind === 'direct' && last !== undefined),
    ),
  );
  /** True if an invitation is all there is to show. */
  protected readonly isAsked = computed(
    () => !this.hasChats() && [...this.#store.invitations().values()].some(({ slug }) => slug === undefined),
  );

  constructor() {
    effect(() => {
      if (this.id() === undefined) this.#title.showPlace(this.t('chats.title'));
    });
  }

  protected leave(): void {
    void this.#router.navigateByUrl('/chats', { replaceUrl: true });
  }
}
