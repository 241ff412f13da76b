import type { Scope } from '@cloudhop/contracts';

/** What a token may be made for, with the key of its words, in the order of how often it is wanted. */
export const scopeWords: readonly { scope: Scope; words: string }[] = [
  { scope: 'messages:write', words: 'tokens.scopes.messagesWrite' },
  { scope: 'messages:read', words: 'tokens.scopes.messagesRead' },
  { scope: 'rooms:read', words: 'tokens.scopes.roomsRead' },
  { scope: 'rooms:write', words: 'tokens.scopes.roomsWrite' },
  { scope: 'rooms:manage', words: 'tokens.scopes.roomsManage' },
];
