import { ChangeDetectionStrategy, Component, computed, effect, inject, input, signal } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute } from '@angular/router';
import { ClientStore, ErrorState, Layout, PageTitle, errorStateOf } from '@cloudhop/web/state';
import { injectTranslate } from '@cloudhop/web/ui';
import { RoomPage } from './entry/room-page';
import { findRoom, roomKeyOf } from './entry/room-key';
import { Discover } from './find/discover';
import { RoomList } from './find/room-list';
import { LeaveConfirmation } from './leaving/leave-confirmation';
import { RoomLeaving } from './leaving/room-leaving';
import { NewRoom } from './make/new-room';
import { inviteIn } from './share/invite-link';

/** Screen of rooms: the list beside the open room or the directory; on phones one after the other. */
@Component({
  selector: 'ch-rooms',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Discover, ErrorState, LeaveConfirmation, NewRoom, RoomList, RoomPage],
  template: `
    <main>
      @if (errorState(); as errorState) {
        <ch-error-state [code]="errorState.code" />
      } @else {
        @if (!layout.isPhone() || !slug()) {
          <section class="list" [attr.aria-label]="t('rooms.title')">
            <ch-room-list [openId]="openId()" [isRoomOpen]="slug() !== undefined" (makeAsked)="making.set($event)" />
            @if (layout.isPhone()) {
              <ch-discover (makeAsked)="making.set('')" />
            }
          </section>
        }
        @if (slug(); as slug) {
          <ch-room-page [slug]="slug" [invite]="invite()" />
        } @else if (!layout.isPhone()) {
          <section class="discover" [attr.aria-label]="t('rooms.discover.title')">
            <ch-discover (makeAsked)="making.set('')" />
          </section>
        }
      }
    </main>
    @defer (when making() !== undefined; prefetch on idle) {
      @if (making() !== undefined) {
        <ch-new-room [name]="making() ?? ''" (closed)="making.set(undefined)" />
      }
    }
    @defer (when leaving.asked() !== undefined) {
      <ch-leave-confirmation />
    }
  `,
  styleUrl: './rooms.css',
})
export class Rooms {
  /** The room in the address. */
  readonly slug = input<string>();
  protected readonly layout = inject(Layout);
  protected readonly leaving = inject(RoomLeaving);
  protected readonly t = injectTranslate();
  readonly #store = inject(ClientStore);
  readonly #title = inject(PageTitle);
  readonly #fragment = toSignal(inject(ActivatedRoute).fragment);
  protected readonly invite = computed(() => inviteIn(this.#fragment()));
  /** Name typed so far for a new room; undefined while none is being created. */
  protected readonly making = signal<string | undefined>(undefined);
  protected readonly errorState = computed(() =>
    errorStateOf(this.#store.connection(), this.#store.me() !== undefined),
  );
  protected readonly openId = computed(() => {
    const slug = this.slug();
    return slug === undefined ? undefined : findRoom(this.#store.conversations().values(), roomKeyOf(slug))?.id;
  });

  constructor() {
    effect(() => {
      if (this.slug() === undefined) this.#title.showPlace(this.t('rooms.title'));
    });
  }
}
