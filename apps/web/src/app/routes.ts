import type { Routes, UrlMatchResult, UrlSegment } from '@angular/router';
import { Lobby } from '@cloudhop/web/lobby';

/** Matches one screen for the list and every conversation in it, so that switching conversations keeps the list. */
function matchChats(segments: UrlSegment[]): UrlMatchResult | null {
  const [first, id] = segments;
  if (first?.path !== 'chats' || segments.length > 2) return null;
  return { consumed: segments, posParams: id ? { id } : {} };
}

/** Matches one screen for the rooms and every room at its shareable address. */
function matchRooms(segments: UrlSegment[]): UrlMatchResult | null {
  const [first, slug] = segments;
  if (first?.path === 'rooms' && segments.length === 1) return { consumed: segments };
  return first?.path === 'r' && slug && segments.length === 2 ? { consumed: segments, posParams: { slug } } : null;
}

/** Loads every screen, so that navigation is instant and works offline. */
export async function loadScreens(): Promise<void> {
  // A browser may cache a failed import for ever, so nothing is imported offline.
  for (const { loadComponent } of routes) if (navigator.onLine) await loadComponent?.();
}

export const routes: Routes = [
  { path: '', pathMatch: 'full', redirectTo: 'lobby' },
  { path: 'lobby', component: Lobby },
  { matcher: matchRooms, loadComponent: async () => (await import('@cloudhop/web/rooms')).Rooms },
  { matcher: matchChats, loadComponent: async () => (await import('@cloudhop/web/chats')).Chats },
  { path: 'c/:id/:seq', loadComponent: async () => (await import('@cloudhop/web/chats')).Permalink },
  { path: 'friends', loadComponent: async () => (await import('@cloudhop/web/friends')).Friends },
  { path: 'u/:name', loadComponent: async () => (await import('@cloudhop/web/friends')).ProfilePage },
  { path: 'login', loadComponent: async () => (await import('@cloudhop/web/settings')).LogInPage },
  { path: 'settings', loadComponent: async () => (await import('@cloudhop/web/settings')).Settings },
  { path: 'status', loadComponent: async () => (await import('@cloudhop/web/settings/status')).StatusPage },
  { path: '**', redirectTo: 'lobby' },
];
