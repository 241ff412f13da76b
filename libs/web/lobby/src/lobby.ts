import { ChangeDetectionStrategy, Component, computed, effect, inject, signal } from '@angular/core';
import { Conversation, LogSkeleton, Trouble } from '@cloudhop/web/conversation';
import { ClientStore, Layout, PageTitle } from '@cloudhop/web/state';
import { Sheet, injectTranslate } from '@cloudhop/web/ui';
import { EmptyLobby } from './empty-lobby';
import { LobbyHeader } from './lobby-header';
import { PeoplePanel } from './people-panel';

/** The lobby: everyone who opens the page is here. */
@Component({
  selector: 'ch-lobby',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Conversation, EmptyLobby, LobbyHeader, LogSkeleton, PeoplePanel, Sheet, Trouble],
  template: `
    <main>
      <ch-lobby-header [conversationId]="id()" [isPeopleShown]="isPeopleShown()" (peopleAsked)="togglePeople()" />
      @if (trouble(); as trouble) {
        <ch-trouble [code]="trouble.code" (acted)="solve($event)" />
      } @else if (view(); as view) {
        <ch-conversation [view]="view" [label]="t('lobby.log')"><ch-empty-lobby /></ch-conversation>
      } @else {
        <ch-log-skeleton />
      }
    </main>
    @if (id(); as id) {
      @if (layout.isWide() && layout.isPaneOpen()) {
        <aside [attr.aria-label]="t('lobby.people')"><ch-people-panel [conversationId]="id" /></aside>
      }
      @if (isSheetOpen()) {
        <ch-sheet [label]="t('lobby.people')" [closeLabel]="t('people.cancel')" (closed)="isSheetOpen.set(false)">
          <ch-people-panel [conversationId]="id" />
        </ch-sheet>
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
  readonly #title = inject(PageTitle);

  protected readonly id = this.store.lobbyId;
  protected readonly view = computed(() => {
    const id = this.id();
    return id === undefined ? undefined : this.store.timeline(id);
  });
  protected readonly isPeopleShown = computed(() =>
    this.layout.isWide() ? this.layout.isPaneOpen() : this.isSheetOpen(),
  );
  protected readonly trouble = computed((): { code?: string } | undefined => {
    const { fatal, phase, attempts } = this.store.connection();
    if (fatal) return { code: fatal.code };
    return phase !== 'live' && attempts > 0 && !this.view() ? {} : undefined;
  });

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

  protected solve(action: 'tryNow' | 'reload'): void {
    if (action === 'reload') location.reload();
    else this.store.act.tryNow();
  }
}
