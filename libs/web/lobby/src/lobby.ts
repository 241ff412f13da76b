import { ChangeDetectionStrategy, Component, computed, effect, inject, signal, viewChild } from '@angular/core';
import { Conversation, LogSkeleton } from '@cloudhop/web/messages';
import { ClientStore, ErrorState, Layout, PageTitle, errorStateOf } from '@cloudhop/web/state';
import { injectTranslate } from '@cloudhop/web/ui';
import { Sheet } from '@cloudhop/web/ui/sheet';
import { EmptyLobby } from './empty-lobby';
import { LobbyHeader } from './lobby-header';
import { PeoplePanel } from './people-panel';

/** The lobby: everybody who opens the page is in it. */
@Component({
  selector: 'ch-lobby',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Conversation, EmptyLobby, ErrorState, LobbyHeader, LogSkeleton, PeoplePanel, Sheet],
  template: `
    <main>
      <ch-lobby-header [conversationId]="id()" [isPeopleShown]="isPeopleShown()" (peopleAsked)="togglePeople()" />
      @if (errorState(); as errorState) {
        <ch-error-state [code]="errorState.code" />
      } @else if (view(); as view) {
        <ch-conversation [view]="view" [label]="t('lobby.log')">
          @defer (when view.entries.length === 0) {
            <ch-empty-lobby />
          }
        </ch-conversation>
      } @else {
        <ch-log-skeleton />
      }
    </main>
    @if (id(); as id) {
      @if (layout.isWide() && layout.isPaneOpen()) {
        <aside [attr.aria-label]="t('lobby.people')">
          @defer (on immediate) {
            <ch-people-panel [conversationId]="id" [mention]="conversation()?.mention" />
          }
        </aside>
      }
      @defer (when isSheetOpen(); prefetch on idle) {
        @if (isSheetOpen()) {
          <ch-sheet [label]="t('lobby.people')" [closeLabel]="t('people.cancel')" (closed)="isSheetOpen.set(false)">
            <ch-people-panel
              [conversationId]="id"
              [mention]="conversation()?.mention"
              (cardOpened)="isSheetOpen.set(false)"
            />
          </ch-sheet>
        }
      }
    }
  `,
  styleUrl: './lobby.css',
})
export class Lobby {
  protected readonly store = inject(ClientStore);
  protected readonly layout = inject(Layout);
  protected readonly t = injectTranslate();
  protected readonly isSheetOpen = signal(false);
  protected readonly conversation = viewChild(Conversation);
  readonly #title = inject(PageTitle);

  protected readonly id = this.store.lobbyId;
  protected readonly view = computed(() => {
    const id = this.id();
    return id === undefined ? undefined : this.store.timeline(id);
  });
  protected readonly isPeopleShown = computed(() =>
    this.layout.isWide() ? this.layout.isPaneOpen() : this.isSheetOpen(),
  );
  protected readonly errorState = computed(() => errorStateOf(this.store.connection(), this.view() !== undefined));

  constructor() {
    effect(() => this.#title.showPlace(this.t('lobby.title')));
    effect(() => {
      if (this.layout.isWide()) this.isSheetOpen.set(false);
    });
  }

  protected togglePeople(): void {
    if (this.layout.isWide()) this.layout.togglePane();
    else this.isSheetOpen.update((isOpen) => !isOpen);
  }
}
