import type { Scope } from '@cloudhop/contracts';

/** Scopes of a token with the key of their text, most used first. */
export const scopeLabels: readonly { scope: Scope; words: string }[] = [
  { scope: 'messages:write', words: 'tokens.scopes.messagesWrite' },
  { scope: 'messages:read', words: 'tokens.scopes.messagesRead' },
  { scope: 'rooms:read', words: 'tokens.scopes.roomsRead' },
  { scope: 'rooms:write', words: 'tokens.scopes.roomsWrite' },
  { scope: 'rooms:manage', words: 'tokens.scopes.roomsManage' },
];
