import type { Routes, UrlMatchResult, UrlSegment } from '@angular/router';
import { Lobby } from '@cloudhop/web/lobby';

/** One screen for the list and for each conversation in it, so that going from one to the other keeps the list as it is. */
function matchChats(segments: UrlSegment[]): UrlMatchResult | null {
  const [first, id] = segments;
  if (first?.path !== 'chats' || segments.length > 2) return null;
  return { consumed: segments, posParams: id ? { id } : {} };
}

export const routes: Routes = [
  { path: '', pathMatch: 'full', redirectTo: 'lobby' },
  { path: 'lobby', component: Lobby },
  { matcher: matchChats, loadComponent: async () => (await import('@cloudhop/web/chats')).Chats },
  { path: 'friends', loadComponent: async () => (await import('@cloudhop/web/friends')).Friends },
  { path: 'u/:name', loadComponent: async () => (await import('@cloudhop/web/friends')).ProfilePage },
  { path: 'settings', loadComponent: async () => (await import('@cloudhop/web/settings')).Settings },
  { path: '**', redirectTo: 'lobby' },
];
