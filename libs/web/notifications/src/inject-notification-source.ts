import { computed, inject, type Signal } from '@angular/core';
import { ClientStore } from '@cloudhop/web/state';
import type { NotificationSource } from './notification-events';

/** Client state from which notifications are derived. Requires an injection context. */
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
