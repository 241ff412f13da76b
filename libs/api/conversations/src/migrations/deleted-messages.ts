import { ForwardMigration } from '@cloudhop/api/database';

/** Deleted messages by seq, so that an unread count leaves them out without reading the others. */
export class DeletedMessages1800000019000 extends ForwardMigration {
  readonly name = 'DeletedMessages1800000019000';
  readonly sql = `
    create index messages_deleted on messages (conversation_id, seq) where deleted_at is not null;
  `;
}
