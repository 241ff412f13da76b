import type { Sending } from '@cloudhop/contracts';
import type { Unstamped } from '../core/events';

/** The verbs that become one event of the core, and nothing else. */
export abstract class Verbs {
  protected abstract dispatch(event: Unstamped): void;
  /** A UUIDv7 above those before. */
  protected abstract nextId(): string;

  send(conversationId: string, body: string, more: Sending = {}): string {
    const id = this.nextId();
    this.dispatch({ type: 'send', conversationId, id, body, ...more });
    return id;
  }

  edit(conversationId: string, messageId: string, body: string): void {
    this.dispatch({ type: 'edit', conversationId, messageId, entryId: this.nextId(), body });
  }

  remove(conversationId: string, messageId: string): void {
    this.dispatch({ type: 'remove', conversationId, messageId, entryId: this.nextId() });
  }

  undoRemove(entryId: string): void {
    this.dispatch({ type: 'undoRemove', entryId });
  }

  react(conversationId: string, messageId: string, emoji: string, on: boolean): void {
    this.dispatch({ type: 'react', conversationId, messageId, entryId: this.nextId(), emoji, on });
  }

  retry(entryId: string): void {
    this.dispatch({ type: 'retry', entryId });
  }

  discard(entryId: string): void {
    this.dispatch({ type: 'discard', entryId });
  }

  loadBefore(conversationId: string): void {
    this.dispatch({ type: 'loadBefore', conversationId });
  }

  loadAfter(conversationId: string): void {
    this.dispatch({ type: 'loadAfter', conversationId });
  }

  jumpTo(conversationId: string, seq: number): void {
    this.dispatch({ type: 'jumpTo', conversationId, seq });
  }

  jumpToLatest(conversationId: string): void {
    this.dispatch({ type: 'jumpToLatest', conversationId });
  }

  markRead(conversationId: string, seq: number): void {
    this.dispatch({ type: 'markRead', conversationId, seq });
  }

  setHidden(isHidden: boolean): void {
    this.dispatch({ type: 'setHidden', isHidden });
  }

  setIdle(isIdle: boolean): void {
    this.dispatch({ type: 'setIdle', isIdle });
  }

  setTyping(conversationId: string, isTyping: boolean): void {
    this.dispatch({ type: 'setTyping', conversationId, isTyping });
  }

  open(conversationId: string): void {
    this.dispatch({ type: 'open', conversationId });
  }

  close(conversationId: string): void {
    this.dispatch({ type: 'close', conversationId });
  }

  setDraft(conversationId: string, body: string): void {
    this.dispatch({ type: 'setDraft', conversationId, body });
  }
}
