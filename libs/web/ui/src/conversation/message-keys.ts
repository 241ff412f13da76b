import type { MessageCommand } from './message-menu';

/** What a single key does with the message that has the focus. */
const commands: Record<string, MessageCommand> = {
  r: 'reply',
  e: 'edit',
  f: 'forward',
  p: 'pin',
  c: 'copy',
  '+': 'pick',
  Delete: 'delete',
};

/** The command of a key press, where it is one: letters alone, whatever their case. */
export function commandOfKey({ key }: Pick<KeyboardEvent, 'key'>): MessageCommand | undefined {
  return commands[key.length === 1 ? key.toLowerCase() : key];
}
