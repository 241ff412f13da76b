import { exampleId, exampleUser } from '../auth/examples';
import type { Message } from './messages';
import type { MessagePage } from './pages';

export const exampleMessage: Message = {
  conversationId: exampleId,
  id: '01900000-0000-7000-8000-0000000000aa',
  seq: 40,
  rev: 42,
  authorId: exampleId,
  body: '大家好！第一次來 🌷',
  createdAt: '2026-01-01T12:00:00.000Z',
  reactions: [{ emoji: '🎉', count: 6 }],
  attachments: [],
};

export const exampleMessagePage: MessagePage = {
  items: [exampleMessage],
  users: [exampleUser],
  mine: [],
  rev: 42,
  hasBefore: true,
  hasAfter: false,
  nextCursor: '40',
};
