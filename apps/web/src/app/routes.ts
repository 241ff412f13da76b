import type { Routes } from '@angular/router';
import { Lobby } from '@cloudhop/web/lobby';

export const routes: Routes = [
  { path: '', pathMatch: 'full', redirectTo: 'lobby' },
  { path: 'lobby', component: Lobby },
  { path: 'settings', loadComponent: async () => (await import('@cloudhop/web/settings')).Settings },
  { path: '**', redirectTo: 'lobby' },
];
