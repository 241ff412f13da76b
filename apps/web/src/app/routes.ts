import type { Routes, UrlMatchResult, UrlSegment } from '@angular/router';
import { Lobby } from '@cloudhop/web/lobby';

/** One screen for the list and for each conversation in it, so that going from one to the other keeps the list as it is. */
function matchChats(segments: UrlSegment[]): UrlMatchResult | null {
  const [first, id] = segments;
  if (first?.path !== 'chats' || segments.length > 2) return null;
  return { consumed: segments, posParams: id ? { id } : {} };
}

/** The same for rooms: one screen for those there are, and for each of them at the address that people share. */
function matchRooms(segments: UrlSegment[]): UrlMatchResult | null {
  const [first, slug] = segments;
  if (first?.path === 'rooms' && segments.length === 1) return { consumed: segments };
  return first?.path === 'r' && slug && segments.length === 2 ? { consumed: segments, posParams: { slug } } : null;
}

/** Loads every screen, so that going to one is at once, and works without a connection. */
export async function loadScreens(): Promise<void> {
  // A browser may remember for good that a part could not be loaded: none is asked for without a connection.
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
  { path: '**', redirectTo: 'lobby' },
];
