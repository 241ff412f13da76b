import { computed, inject, type Signal } from '@angular/core';
import { ClientStore } from '@cloudhop/web/state';
import type { NotificationSource } from './notification-events';

/** What can be news, as it is now. Call it where `inject` may be called. */
export function injectNotificationSource(): Signal<NotificationSource> {
  const store = inject(ClientStore);
  return computed(() => ({
    isLive: store.connection().phase === 'live',
    me: store.me()?.id,
    friends: store.friends(),
    blocks: store.blocks(),
    invitations: store.invitations(),
    conversations: store.conversations(),
  }));
}
